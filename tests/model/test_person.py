"""Where a person is."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from lms_tui.model.person import Person


def test_a_zone_is_the_one_that_is_named() -> None:
    assert Person(institution_id="i", user_id="u", timezone="Europe/Berlin").zone == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", ["", "Nowhere/At_All", "Europe", "/etc/passwd", "../../etc/passwd", "\0", "x" * 300])
def test_a_name_that_this_machine_does_not_know_is_utc(name: str) -> None:
    assert Person(institution_id="i", user_id="u", timezone=name).zone is UTC
