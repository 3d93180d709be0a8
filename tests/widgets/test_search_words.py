"""How a search stands, in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lms_tui.views.searching import Results
from lms_tui.widgets.search_words import standing

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_what_is_on_this_machine_is_told_with_its_day() -> None:
    there = NOW.astimezone(ZoneInfo("Pacific/Auckland"))
    assert standing(Results(as_of=NOW), False, there) == "0 matches · on this machine, as of 01:00"
    assert standing(Results(as_of=NOW), False, there + timedelta(days=20)) == "0 matches · on this machine, as of 6 January"
    assert standing(Results(), False, there) == "0 matches · on this machine"
    assert standing(Results(as_of=NOW, source="database"), False, there) == "0 matches · in the database"
