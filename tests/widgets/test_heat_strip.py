"""The last weeks as characters: one column a week, one row a day."""

import re
from datetime import date, timedelta

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
    assert lines == ["   Jan", "Mo · ██", "Tu · · ", "We · · ", "Th ░░  ", "Fr ·   ", "Sa ·   ", "Su ·   "]


@pytest.mark.parametrize(
    ("today", "weeks", "months"),
    [
        (date(2026, 11, 25), 25, "   Jun   Jul     Aug       Sep     Oct     Nov"),
        (date(2026, 11, 25), 24, "       Jul     Aug       Sep     Oct     Nov"),
        (date(2026, 11, 25), 14, "     Sep     Oct     Nov"),
        (date(2026, 11, 25), 4, "   Nov"),
        (date(2026, 11, 30), 1, "   Nov"),
        (date(2026, 12, 1), 1, "   Dec"),
        (date(2026, 6, 15), 25, "   Jan     Feb     Mar       Apr     May       Jun"),
    ],
)
def test_a_month_stands_over_the_week_of_its_first_day_and_none_is_left_out(today: date, weeks: int, months: str) -> None:
    assert heat_strip([], weeks, today)[0].plain == months


def test_the_names_of_months_are_apart_and_none_but_the_first_is_missing() -> None:
    for today in (date(2026, 1, 1) + timedelta(days=days) for days in range(0, 800, 3)):
        for weeks in (4, 14, 25, 53):
            names = heat_strip([], weeks, today)[0].plain
            first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
            shown = [first + timedelta(days=days) for days in range((today - first).days + 1)]
            begun = [day.strftime("%b") for day in shown if day.day == 1]
            assert names.split() in (begun, [first.strftime("%b"), *begun])
            assert not re.search(r"\w \w", names)


def test_an_answer_marks_a_day_however_short_it_was() -> None:
    lines = [line.plain for line in heat_strip([Day(date="2026-01-07", active_seconds=5, answered=1)], 1, WEDNESDAY)]
    assert lines[3] == "We ░░"
