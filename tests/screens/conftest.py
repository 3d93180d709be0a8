"""The app on a real library: a cache file in the test's own home, with a course in it, and no database behind."""

from collections.abc import Callable

import pytest
import textual.app
import textual.pilot

from lms_tui.cache import store
from lms_tui.screens import assessment
from tests.cache.sample import HeldClock
from tests.quiet import until_quiet
from tests.screens.driving import Clock, Opened, opened
from tests.screens.sample import put_into_cache


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """Every cache file that is opened from now on lives by one clock, which stands at noon."""
    clock = HeldClock()
    monkeypatch.setattr(store, "SystemClock", lambda: clock)
    return clock


@pytest.fixture
def clock() -> HeldClock:
    """A clock on the wall that a test moves; the app is opened with it."""
    return HeldClock()


@pytest.fixture
def no_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of tests are always meant for what is on the screen, and no time is studied."""
    monkeypatch.setattr(assessment, "_CALM_SECONDS", 0)
    Clock(monkeypatch)


@pytest.fixture
def app_with_tides() -> Callable[..., Opened]:
    """Opens the app on a library that holds the sample course; again, it is the same library."""
    put_into_cache()
    return opened


@pytest.fixture(autouse=True)
def quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause of a test ends when the app has nothing more to do, and no sooner."""
    monkeypatch.setattr(textual.app, "wait_for_idle", until_quiet)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", until_quiet)
