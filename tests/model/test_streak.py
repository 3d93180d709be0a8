from datetime import date, timedelta

import pytest

from lms_tui.model.streak import counts, streak

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days_ago", "length"),
    [([], 0), ([0], 1), ([1], 1), ([2], 0), ([0, 1, 2], 3), ([1, 2], 2), ([0, 2, 3], 1), ([0, 1, 3], 2)],
)
def test_a_streak_ends_today_or_yesterday(days_ago: list[int], length: int) -> None:
    assert streak((TODAY - timedelta(days=n) for n in days_ago), TODAY) == length


def test_a_day_counts_by_a_completion_an_answer_or_a_minute() -> None:
    assert counts(0, 1, 0)
    assert counts(0, 0, 1)
    assert counts(60, 0, 0)
    assert not counts(59, 0, 0)
