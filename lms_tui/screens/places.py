"""What each place of ``commands.GO`` shows. Its screen is imported when somebody goes there first."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms_tui.library import Library
    from lms_tui.screens.base import LibraryScreen


def _catalog(library: "Library") -> "LibraryScreen":
    from lms_tui.screens.catalog import CatalogScreen

    return CatalogScreen(library)


def _progress(library: "Library") -> "LibraryScreen":
    from lms_tui.screens.study import StudyScreen

    return StudyScreen(library)


def _sync(library: "Library") -> "LibraryScreen":
    from lms_tui.screens.sync import SyncScreen

    return SyncScreen(library)


OPENERS: dict[str, Callable[["Library"], "LibraryScreen"]] = {
    "catalog": _catalog,
    "progress": _progress,
    "sync": _sync,
}
"""By the name in the command's action. Home is not among them: it is beneath every place."""
