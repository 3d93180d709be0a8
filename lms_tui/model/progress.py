"""What events add up to, at three levels.

The state of a section is a join of what its events say, so that any order, any split into batches and any repetition
of *distinct* events gives the same state: completed is the earliest completion, time is a sum over distinct events,
last access is the latest, and each question keeps its best points and its first answer. ``lms.sync`` is the twin of
this module in the database.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct
from msgspec.structs import replace

from lms_tui.model.course import SectionType
from lms_tui.model.events import Event, EventKind


class QuestionState(Struct, frozen=True):
    """The best points that a question's answers won (at most 4 decimal places), and when it was first answered."""

    points: Decimal
    first_at: datetime


class SectionState(Struct, frozen=True, kw_only=True):
    """Progress of one person in one section. ``score`` is 0 to 100; ``attempts`` counts answered sets."""

    completed_at: datetime | None = None
    active_seconds: int = 0
    last_accessed_at: datetime | None = None
    attempts: int = 0
    score: Decimal | None = None
    questions: dict[str, QuestionState] = {}


class SectionFacts(Struct, frozen=True, kw_only=True):
    """What the rules need to know of a section: its type, its questions' points, and its pass mark (0 to 100)."""

    type: SectionType
    points: dict[str, Decimal] = {}
    pass_mark: float | None = None


class RollUp(Struct, frozen=True, kw_only=True):
    """Progress of a lesson or a course: shares are 0 to 100, rounded down, so that 100 means all of it."""

    done: int = 0
    total: int = 0
    percent: int = 0
    completed_at: datetime | None = None
    active_seconds: int = 0
    last_accessed_at: datetime | None = None
    score: Decimal | None = None


def after(state: SectionState, event: Event, facts: SectionFacts, won: dict[str, Decimal] | None = None) -> SectionState:
    """The state once an event is counted. ``won``: points by question, as graded, of an ``answered`` event.

    In any order, with one exception: a QUIZ with a pass mark is dated by the first event that is counted at the mark, so
    its answers are to come in the order of time. The database has all of them and always dates it rightly.
    """
    state = replace(state, last_accessed_at=max(filter(None, (state.last_accessed_at, event.at))))
    if event.kind == EventKind.TIME:
        return replace(state, active_seconds=state.active_seconds + int(event.body.get("seconds", 0)))
    if event.kind == EventKind.COMPLETED and facts.type not in (SectionType.QUIZ, SectionType.ASSESSMENT):
        return replace(state, completed_at=min(filter(None, (state.completed_at, event.at))))
    if event.kind == EventKind.ANSWERED and facts.type is SectionType.ASSESSMENT:  # only the database grades it
        return replace(state, attempts=state.attempts + 1)
    if event.kind == EventKind.ANSWERED and won is not None:
        return _answered(state, event.at, facts, won)
    return state


def _answered(state: SectionState, at: datetime, facts: SectionFacts, won: dict[str, Decimal]) -> SectionState:
    questions = dict(state.questions)
    for question, points in won.items():
        if question in facts.points:
            before = questions.get(question)
            questions[question] = (
                QuestionState(points, at) if before is None else QuestionState(max(before.points, points), min(before.first_at, at))
            )
    state = replace(state, attempts=state.attempts + 1, questions=questions)
    if facts.type is not SectionType.QUIZ:  # questions in a TEXT section are practice
        return state
    score = quiz_score(questions, facts.points)
    return replace(state, score=score, completed_at=_quiz_completed_at(state, facts, score, at))


def quiz_score(questions: dict[str, QuestionState], points: dict[str, Decimal]) -> Decimal | None:
    """The share of all points that the best answers won, 0 to 100 with two decimal places; None without points."""
    total = sum(points.values(), Decimal(0))
    if not total:
        return None
    won = sum((state.points for key, state in questions.items() if key in points), Decimal(0))
    return (100 * won / total).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _quiz_completed_at(state: SectionState, facts: SectionFacts, score: Decimal | None, at: datetime) -> datetime | None:
    """A QUIZ is done when all is answered, or, with a pass mark, when the best answers reach it."""
    if facts.pass_mark is not None:
        passed = score is not None and score >= Decimal(str(facts.pass_mark))
        return state.completed_at or (at if passed else None)
    if facts.points.keys() <= state.questions.keys():
        return max(state.questions[key].first_at for key in facts.points) if facts.points else state.completed_at
    return state.completed_at


def roll_up(sections: list[tuple[bool, SectionState]]) -> RollUp:
    """A lesson's or a course's progress from its sections, each with whether it is required.

    All required sections count once, whichever lesson they are in; a lesson or course without any is never complete.
    ``completed_at`` is when the last required section was done; ``score`` is the mean of the best scores.
    """
    required = [state for needed, state in sections if needed]
    done = [state.completed_at for state in required if state.completed_at is not None]
    scores = [state.score for _, state in sections if state.score is not None]
    accessed = [state.last_accessed_at for _, state in sections if state.last_accessed_at is not None]
    return RollUp(
        done=len(done),
        total=len(required),
        percent=100 * len(done) // len(required) if required else 0,
        completed_at=max(done) if required and len(done) == len(required) else None,
        active_seconds=sum(state.active_seconds for _, state in sections),
        last_accessed_at=max(accessed, default=None),
        score=(sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.01"), ROUND_HALF_UP) if scores else None,
    )
