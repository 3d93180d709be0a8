from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.activity import IDLE_AFTER_SECONDS, ActivityMeter


class Running:
    """A meter in an app that runs: between two calls it is told each second that time goes by."""

    def __init__(self) -> None:
        self.meter = ActivityMeter()
        self.now = 0.0

    def until(self, now: float) -> ActivityMeter:
        while self.now + 1 < now:
            self.now += 1
            self.meter.beat(self.now)
        self.now = now
        return self.meter


def test_time_counts_from_touch_to_touch() -> None:
    app = Running()
    app.until(100.0).touch(100.0)
    app.until(130.0).touch(130.0)
    assert app.until(140.0).take(140.0) == 40


def test_nothing_counts_before_the_first_touch_or_while_paused() -> None:
    app = Running()
    assert app.until(500.0).take(500.0) == 0
    app.meter.touch(500.0)
    app.until(510.0).pause(510.0)
    assert app.until(900.0).take(900.0) == 10
    app.meter.touch(900.0)
    assert app.until(905.0).take(905.0) == 5


def test_idle_time_counts_up_to_the_limit_only() -> None:
    app = Running()
    app.meter.touch(0.0)
    assert app.until(3600.0).take(3600.0) == IDLE_AFTER_SECONDS
    app.meter.touch(3600.0)
    assert app.until(3610.0).take(3610.0) == 10


def test_time_in_which_the_app_was_stopped_does_not_count() -> None:
    app = Running()
    app.meter.touch(0.0)
    app.until(10.0).beat(10.0)
    app.meter.touch(50.0)
    app.now = 50.0
    assert app.until(60.0).take(60.0) == 20


def test_fractions_are_not_lost_between_takes() -> None:
    app = Running()
    app.meter.touch(0.0)
    assert sum(app.meter.take(tenth / 10) for tenth in range(1, 101)) == 10


@given(st.lists(st.tuples(st.sampled_from(["touch", "pause", "take", "beat"]), st.floats(0, 1000)), max_size=40))
def test_never_more_than_the_clock_nor_than_the_idle_limit_a_touch(steps: list[tuple[str, float]]) -> None:
    meter, now, counted, touches = ActivityMeter(), 0.0, 0, 0
    for what, gap in steps:
        now += gap
        touches += what == "touch"
        counted += getattr(meter, what)(now) or 0
    counted += meter.take(now)
    assert counted <= now
    assert counted <= touches * IDLE_AFTER_SECONDS
