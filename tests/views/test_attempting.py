"""An assessment in words: times, what is left, and what is said when."""

from datetime import UTC, datetime, timedelta

import pytest

from lms_tui.views.attempting import announcement, before_sending, how_far, time_left

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"), [(3900, "1 h 05 min left"), (719, "11 min left"), (60, "1 min left"), (59, "59 s left"), (0, "time is up")]
)
def test_the_time_that_is_left(seconds: int, words: str) -> None:
    assert time_left(seconds) == words


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (301, 300, "5 min left."),
        (300, 299, ""),
        (302, 299, "5 min left."),
        (61, 60, "1 min left."),
        (720, 40, "40 s left."),
        (720, 250, "4 min left."),
        (720, 0, ""),
        (200, 199, ""),
    ],
)
def test_five_minutes_and_one_are_announced_when_they_are_reached(before: int, now: int, words: str) -> None:
    assert announcement(before, now) == words


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(hours=3), "in 3 h 00 min"),
        (timedelta(minutes=-20), "20 min ago"),
        (timedelta(seconds=5), "in 1 min"),
    ],
)
def test_how_far_off_a_time_is(after: timedelta, words: str) -> None:
    assert how_far(NOW + after, NOW) == words


def test_what_is_open_before_it_is_sent() -> None:
    assert before_sending(2, 0, 0) == ""
    assert before_sending(1, 0, 1) == "1 question has no answer. Enter sends all the same."
    assert before_sending(1, 1, 2) == "2 questions have no answer and 1 answer is unfinished. Enter sends all the same."
    assert before_sending(0, 0, 3) == ""
