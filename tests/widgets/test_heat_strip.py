"""The last weeks as characters: one column a week, one row a day."""

from datetime import date

import pytest

from lms_tui.views.nodes import Day
from lms_tui.widgets.heat_strip import heat_strip, level

WEDNESDAY = date(2026, 1, 7)


@pytest.mark.parametrize(("minutes", "depth"), [(0, 0), (0.9, 0), (1, 1), (9, 1), (10, 2), (30, 3), (59, 3), (60, 4), (600, 4)])
def test_levels(minutes: float, depth: int) -> None:
    assert level(int(minutes * 60)) == depth


def test_days_stand_in_their_week_and_days_to_come_are_blank() -> None:
    days = [Day(date=day, active_seconds=seconds) for day, seconds in (("2026-01-05", 4000), ("2026-01-01", 60), ("2025-01-01", 9))]
    lines = [line.plain for line in heat_strip(days, 2, WEDNESDAY)]
    assert lines == ["   Dec", "Mo · ██", "Tu · · ", "We · · ", "Th ░░  ", "Fr ·   ", "Sa ·   ", "Su ·   "]


def test_an_answer_marks_a_day_however_short_it_was() -> None:
    lines = [line.plain for line in heat_strip([Day(date="2026-01-07", active_seconds=5, answered=1)], 1, WEDNESDAY)]
    assert lines[3] == "We ░░"
