"""How an assessment is taken, as its front matter says it."""

from datetime import UTC, datetime

import pytest

from lms_tui import formats
from lms_tui.model.course import Rules
from lms_tui.model.errors import BadInput
from tests.formats.conftest import Make
from tests.formats.test_native import the_section, told

EXAM = "---\ntype: assessment\n{}---\n\n## One {{#one}}\n\n- ( ) a\n- (x) b\n"


def rules_of(folder: Make, *lines: str, kind: str = "assessment") -> tuple[Rules, list[tuple[str, int]]]:
    page = EXAM.format("".join(f"{line}\n" for line in lines)).replace("assessment", kind)
    imported = formats.read(folder({"01-l/01-exam.quiz.md": page}))
    return the_section(imported, "exam").rules, told(imported)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-01T08:00+01:00", datetime(2026, 12, 1, 7, 0, tzinfo=UTC)),
        ("2026-12-01 08:00:30Z", datetime(2026, 12, 1, 8, 0, 30, tzinfo=UTC)),
        ("'2026-12-01T08:00:00-05:30'", datetime(2026, 12, 1, 13, 30, tzinfo=UTC)),
    ],
)
def test_moments_have_a_zone(folder: Make, said: str, meant: datetime) -> None:
    rules, warnings = rules_of(folder, f"opens: {said}", "connection: required")
    assert (rules.opens, rules.closes, rules.connection, warnings) == (meant, None, "required", [])


def test_without_a_zone_it_is_utc_and_told_and_a_date_is_a_whole_day(folder: Make) -> None:
    rules, warnings = rules_of(folder, "opens: 2026-12-01", "closes: 2026-12-01")
    assert (rules.opens, rules.closes) == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC))
    assert warnings == [("01-l/01-exam.quiz.md", 3), ("01-l/01-exam.quiz.md", 4)]
    assert rules.connection == "optional"


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["opens: tomorrow"], "opens: 'tomorrow' is not a date and time"),
        (["closes: 2026-13-01"], "closes: '2026-13-01' is not a date and time"),
        (["opens: 0001-01-01T00:00+14:00"], "opens: '0001-01-01T00:00"),
        (["connection: maybe"], "connection: 'maybe' is not optional or required"),
        (["closes: 2026-12-01T08:00Z", "opens: 2026-12-01T08:00Z"], "closes: it is not after opens"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(folder: Make, lines: list[str], wrong: str) -> None:
    with pytest.raises(BadInput) as refused:
        rules_of(folder, *lines)
    assert f"01-exam.quiz.md:3: {wrong}" in refused.value.message


def test_in_a_quiz_they_mean_nothing_and_that_is_told(folder: Make) -> None:
    rules, warnings = rules_of(folder, "opens: 2026-12-01T08:00Z", "connection: required", "time_limit: 20m", kind="quiz")
    assert rules == Rules(time_limit_seconds=1200)
    assert warnings == [("01-l/01-exam.quiz.md", 4), ("01-l/01-exam.quiz.md", 3)]
