"""The last weeks as a calendar of characters: a column a week, a row a day, deeper where more was studied."""

from collections.abc import Sequence
from datetime import date, timedelta

from textual.content import Content

from lms_tui.views.nodes import Day

_LEVELS = ("·", "░", "▒", "▓", "█")
_MINUTES = (1, 10, 30, 60)
_ROOM_WEEKS = 3  # as wide as a month's name with a gap behind it
LEGEND = "   · none  ░ 1  ▒ 10  ▓ 30  █ 60 minutes a day"
SHORT_LEGEND = "   · 0 ░ 1 ▒ 10 ▓ 30 █ 60 min"


def heat_strip(days: Sequence[Day], weeks: int, today: date) -> list[Content]:
    """A line of months and a line for each day of the week, Monday first. Days to come are blank."""
    seconds = {date.fromisoformat(day.date): max(day.active_seconds, 60 * bool(day.completed or day.answered)) for day in days}
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    lines = [Content.styled(_months(first, weeks, today), "$quiet")]
    for weekday in range(7):
        cells = [_cell(first + timedelta(weeks=week, days=weekday), seconds, today) for week in range(weeks)]
        name = (first + timedelta(days=weekday)).strftime("%a")[:2]
        lines.append(Content.assemble((f"{name} ", "$quiet"), Content("").join(cells)))
    return lines


def level(active_seconds: int) -> int:
    """0 to 4: none, from a minute, from 10, from 30, from 60."""
    return sum(active_seconds >= 60 * limit for limit in _MINUTES)


def _cell(day: date, seconds: dict[date, int], today: date) -> Content:
    if day > today:
        return Content("  ")
    depth = level(seconds.get(day, 0))
    return Content.styled(_LEVELS[depth] * (2 if depth else 1) + ("" if depth else " "), "$success" if depth else "$quiet")


def _months(first: date, weeks: int, today: date) -> str:
    """Each month's name over the week of its first day; that of the month under way at the left only where it has room."""
    ends = [min(first + timedelta(weeks=week, days=6), today) for week in range(weeks)]
    begins = [week for week, end in enumerate(ends) if end.day <= end.weekday() + 1]
    if not begins or begins[0] >= _ROOM_WEEKS:
        begins = [0, *begins]
    line = ""
    for week in begins:
        line = line.ljust(3 + 2 * week) + ends[week].strftime("%b")
    return line
