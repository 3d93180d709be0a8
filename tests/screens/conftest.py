"""The app on a real library: a cache file in the test's own home, with a course in it, and no database behind."""

from collections.abc import Callable

import pytest

from tests.screens.driving import Opened, opened
from tests.screens.sample import put_into_cache


@pytest.fixture
def app_with_tides() -> Callable[..., Opened]:
    """Opens the app on a library that holds the sample course; again, it is the same library."""
    put_into_cache()
    return opened
