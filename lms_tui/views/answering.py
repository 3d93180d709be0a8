"""What came of an answered set."""

from collections.abc import Callable

from msgspec import Struct

from lms_tui.model.question import Grade, Kind
from lms_tui.views.assessing import AttemptNode, Entry
from lms_tui.views.attempting import what_comes
from lms_tui.views.nodes import SectionNode, SectionPage


class Result(Struct, frozen=True, kw_only=True):
    """One question's grade. All None where the database grades it later."""

    id: str
    key: str
    points: float | None = None
    out_of: float | None = None
    correct: bool | None = None
    feedback: tuple[str, ...] = ()


class Answered(Struct, frozen=True, kw_only=True):
    """An answered set: the section with its progress afterwards, each question's grade, and how many events wait to be sent.

    ``attempt``: of an ASSESSMENT, what was handed in, and ``receipt`` says what became of it. ``unsent`` is one of what waits.
    """

    section: SectionNode
    results: tuple[Result, ...]
    pending: int
    attempt: AttemptNode | None = None
    receipt: str = ""
    unsent: str = ""


def answered(
    page: SectionPage, grades: dict[str, Grade | None], pending: int, receipt: Callable[[AttemptNode, Entry], str] | None = None
) -> Answered:
    """The view of grades by question id, in the order of the page's questions. ``receipt`` says what a person is told of an attempt."""
    results = tuple(
        _result(question.id or "", question.key, grades[question.id or ""]) for question in page.questions if question.id in grades
    )
    handed_in = [attempt for attempt in page.entry.attempts if attempt.answered_at] if page.entry else []
    attempt = handed_in[-1] if handed_in else None
    told = receipt(attempt, page.entry) if attempt and page.entry and receipt else ""
    if told and attempt:
        judged = sum(question.kind is Kind.SELF_MARKED and question.id in grades for question in page.questions)
        told = " ".join([told, *what_comes(attempt, judged)])
    return Answered(section=page.section, results=results, pending=pending, attempt=attempt, receipt=told)


def _result(question_id: str, key: str, grade: Grade | None) -> Result:
    if grade is None:
        return Result(id=question_id, key=key)
    return Result(
        id=question_id, key=key, points=float(grade.points), out_of=float(grade.out_of), correct=grade.correct, feedback=grade.feedback
    )
