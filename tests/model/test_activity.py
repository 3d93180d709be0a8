from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.activity import IDLE_AFTER_SECONDS, ActivityMeter


def test_time_counts_from_touch_to_touch() -> None:
    meter = ActivityMeter()
    meter.touch(100.0)
    meter.touch(130.0)
    assert meter.take(140.0) == 40


def test_nothing_counts_before_the_first_touch_or_while_paused() -> None:
    meter = ActivityMeter()
    assert meter.take(500.0) == 0
    meter.touch(500.0)
    meter.pause(510.0)
    assert meter.take(900.0) == 10
    meter.touch(900.0)
    assert meter.take(905.0) == 5


def test_idle_time_counts_up_to_the_limit_only() -> None:
    meter = ActivityMeter()
    meter.touch(0.0)
    assert meter.take(3600.0) == IDLE_AFTER_SECONDS
    meter.touch(3600.0)
    assert meter.take(3610.0) == 10


def test_fractions_are_not_lost_between_takes() -> None:
    meter = ActivityMeter()
    meter.touch(0.0)
    assert sum(meter.take(tenth / 10) for tenth in range(1, 101)) == 10


@given(st.lists(st.tuples(st.sampled_from(["touch", "pause", "take"]), st.floats(0, 1000)), max_size=40))
def test_never_more_than_the_clock_nor_than_the_idle_limit_a_touch(steps: list[tuple[str, float]]) -> None:
    meter, now, counted, touches = ActivityMeter(), 0.0, 0, 0
    for what, gap in steps:
        now += gap
        touches += what == "touch"
        counted += getattr(meter, what)(now) or 0
    counted += meter.take(now)
    assert counted <= now
    assert counted <= touches * IDLE_AFTER_SECONDS
