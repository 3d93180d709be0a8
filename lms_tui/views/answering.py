"""What came of an answered set."""

from msgspec import Struct

from lms_tui.model.question import Grade
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
    """An answered set: the section with its progress afterwards, each question's grade, and how many events wait to be sent."""

    section: SectionNode
    results: tuple[Result, ...]
    pending: int


def answered(page: SectionPage, grades: dict[str, Grade | None], pending: int) -> Answered:
    """The view of grades by question id, in the order of the page's questions."""
    results = tuple(
        _result(question.id or "", question.key, grades[question.id or ""]) for question in page.questions if question.id in grades
    )
    return Answered(section=page.section, results=results, pending=pending)


def _result(question_id: str, key: str, grade: Grade | None) -> Result:
    if grade is None:
        return Result(id=question_id, key=key)
    return Result(
        id=question_id, key=key, points=float(grade.points), out_of=float(grade.out_of), correct=grade.correct, feedback=grade.feedback
    )
