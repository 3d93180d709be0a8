"""Durations, states and shares in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.model.course import SectionType
from lms_tui.views.nodes import LessonNode, Progress, SectionNode
from lms_tui.views.words import bar, counted, day_or_time, lesson_line, minutes, score, section_line, standing_of, state

DONE = Progress(percent=100, completed_at=datetime(2026, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 min"), (45, "45 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h 00 min"), (3900, "1 h 05 min")]
)
def test_minutes(seconds: int, words: str) -> None:
    assert minutes(seconds) == words


@given(st.integers(0, 100), st.integers(1, 200))
def test_a_bar_is_full_at_a_hundred_alone_and_empty_at_nothing_alone(percent: int, width: int) -> None:
    filled, empty = bar(percent, width)
    assert len(filled) + len(empty) == width
    assert (not filled) == (percent == 0)
    if width > 1:
        assert (not empty) == (percent == 100)


def test_states() -> None:
    assert state(Progress()) == "not begun"
    assert state(Progress(active_seconds=1)) == "begun"
    assert state(DONE) == "done"


def test_a_lesson_with_an_assessment_that_was_not_passed_is_not_done_well() -> None:
    section = SectionNode(id="s", ref="c/l/s", title="Exam", type=SectionType.ASSESSMENT, progress=DONE, passed=False)
    lesson = LessonNode(id="l", ref="c/l", title="The end", sections=(section,), progress=DONE)
    assert [standing_of(row) for row in (section, lesson)] == ["not passed"] * 2
    passed = replace(section, passed=True)
    assert [standing_of(row) for row in (passed, replace(lesson, sections=(passed,)))] == ["done"] * 2


def test_lines() -> None:
    quiz = SectionNode(id="1", ref="c/l/q", title="Q", type=SectionType.QUIZ, minutes=5, question_count=4, progress=Progress(score=80.4))
    assert section_line(quiz) == "not begun · quiz, 4 questions · 5 min · score 80 %"
    extra = SectionNode(id="2", ref="c/l/e", title="E", type=SectionType.TEXT, required=False, progress=DONE)
    assert section_line(extra) == "done · text · optional"
    lesson = LessonNode(id="l", ref="c/l", title="L", sections=(quiz, extra))
    assert lesson_line(lesson) == "not begun · 0 of 1 section · 5 min left"
    long = SectionNode(id="3", ref="c/l/f", title="F", type=SectionType.VIDEO, minutes=183)
    assert section_line(long) == "not begun · video · 3 h 03 min"
    assert lesson_line(replace(lesson, sections=(quiz, long))) == "not begun · 0 of 2 sections · 3 h 08 min left"


def test_numbers_with_their_nouns() -> None:
    assert (counted(1, "day"), counted(2, "day"), counted(2, "quiz", "quizzes")) == ("1 day", "2 days", "2 quizzes")
    assert (score(None), score(79.6)) == ("", "80 %")


@pytest.mark.parametrize(
    ("at", "words"),
    [("2026-01-05T17:00+00:00", "06:00"), ("2026-01-05T10:00+00:00", "5 January"), ("2025-12-31T12:00+00:00", "1 January")],
)
def test_a_day_is_that_of_the_person_wherever_the_machine_is(at: str, words: str) -> None:
    now = datetime(2026, 1, 6, 9, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert day_or_time(datetime.fromisoformat(at), now) == words
