"""The library on its real parts; what the screens' tests use is used here, too."""

from tests.screens.conftest import app_with_tides

__all__ = ["app_with_tides"]
