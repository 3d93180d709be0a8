"""Durations, states and shares in words and shapes: meaning is never in a colour alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from lms_tui.model.course import SectionType
from lms_tui.model.search import Matched
from lms_tui.views.nodes import CourseNode, LessonNode, Progress, SectionNode

State = Literal["done", "begun", "not begun", "not passed"]

MARKS: dict[State, str] = {"done": "✓", "begun": "◐", "not begun": "○", "not passed": "✗"}

TYPE_WORDS = {
    SectionType.TEXT: "text",
    SectionType.VIDEO: "video",
    SectionType.QUIZ: "quiz",
    SectionType.ACTIVITY: "activity",
    SectionType.ASSESSMENT: "assessment",
}

MATCHED: dict[Matched, str] = {"title": "in the title", "path": "in the titles above it", "text": "in the text"}


def minutes(seconds: int) -> str:
    """A duration for people: ``45 s``, ``12 min``, ``3 h 05 min``."""
    if seconds < 60:
        return f"{seconds} s" if seconds else "0 min"
    whole = seconds // 60
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02} min"


def day_or_time(at: datetime, now: datetime) -> str:
    """When something was, where the person is: ``14:03`` today, else ``24 November``, with the year where it is another."""
    there = at.astimezone(now.tzinfo)
    if there.date() == now.date():
        return f"{there:%H:%M}"
    return f"{there:%-d %B}" if there.year == now.year else f"{there:%-d %B %Y}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 section``, ``2 sections``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def numbered(number: int, count: int, width: int) -> str:
    """Which section of a course this is, in fewer words on narrow screens."""
    return f"{number} of {count}" if width < 80 else f"section {number} of {count}"


def state(progress: Progress) -> State:
    """Whether something is done, begun, or not begun."""
    if progress.completed_at is not None:
        return "done"
    begun = progress.percent or progress.active_seconds or progress.attempts or progress.last_accessed_at
    return "begun" if begun else "not begun"


def standing_of(row: LessonNode | SectionNode) -> State:
    """The state of a row of an outline; an assessment that was graded and not passed is over, and not done well, nor is its lesson."""
    standing = state(row.progress)
    sections = row.sections if isinstance(row, LessonNode) else (row,)
    failed = standing == "done" and any(section.passed is False for section in sections)
    return "not passed" if failed else standing


def score(value: float | None) -> str:
    """A score of 0 to 100, or nothing where there is none."""
    return "" if value is None else f"{value:.0f} %"


def bar(percent: int, width: int) -> tuple[str, str]:
    """A share of 0 to 100 as the filled and the empty part of a line of that width. Only 100 fills it, only 0 leaves it empty."""
    filled = min(width, max(0, percent * width // 100))
    if percent and not filled:
        filled = min(1, width)
    return "━" * filled, "╌" * (width - filled)


def minutes_left(sections: Iterable[SectionNode]) -> int:
    """The authors' minutes of the sections that are not done; 0 where one of them has none, because the sum would be too small."""
    left = [section.minutes for section in sections if section.required and section.progress.completed_at is None]
    return sum(minutes or 0 for minutes in left) if all(left) else 0


def draft(course: CourseNode) -> tuple[str, ...]:
    """What a course is called that is not shown to the institution yet; nothing for another."""
    return () if course.published else ("draft",)


def course_line(course: CourseNode) -> str:
    """A course in a few words: ``7 sections · 24 min · beginner``."""
    parts = [counted(course.section_count, "section")] if course.section_count else []
    if course.minutes:
        parts.append(minutes(course.minutes * 60))
    if course.difficulty:
        parts.append(course.difficulty.lower())
    return " · ".join(parts)


def section_line(section: SectionNode, standing: str = "") -> str:
    """A section in a few words: ``begun · quiz, 4 questions · 5 min · score 80 %``. ``standing``: how it stands, in better words."""
    kind = TYPE_WORDS[section.type]
    if section.question_count:
        kind += f", {counted(section.question_count, 'question')}"
    parts: list[str] = [standing or standing_of(section), kind]
    if section.minutes:
        parts.append(minutes(section.minutes * 60))
    if section.type is SectionType.ASSESSMENT and section.progress.attempts:
        parts.append(counted(section.progress.attempts, "attempt"))
    if section.progress.score is not None:
        parts.append(f"score {score(section.progress.score)}")
    if not section.required:
        parts.append("optional")
    return " · ".join(parts)


def lesson_line(lesson: LessonNode) -> str:
    """A lesson in a few words: ``begun · 2 of 3 sections · 12 min left``."""
    required = [section for section in lesson.sections if section.required]
    done = sum(section.progress.completed_at is not None for section in required)
    parts: list[str] = [state(lesson.progress), f"{done} of {counted(len(required), 'section')}"]
    if left := minutes_left(lesson.sections):
        parts.append(f"{minutes(left * 60)} left")
    return " · ".join(parts)
