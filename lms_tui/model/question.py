"""Questions, the keys that grade them, and what a grade looks like.

A question is what a learner may see; its key is kept apart, in a table of its own in the database and in the cache.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Kind(StrEnum):
    """The nine kinds of question."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMERIC = "numeric"
    TEXT = "text"
    BLANKS = "blanks"
    MATCHING = "matching"
    ORDER = "order"
    CODE_OUTPUT = "code_output"
    SELF_MARKED = "self_marked"


class Question(Struct, frozen=True, kw_only=True):
    """A question as a learner sees it.

    ``options`` are the choices (single, multiple), the items to put in order (order), or the right-hand sides
    (matching), as Markdown. Order and matching list them in a shuffled order that is fixed at import, so that the
    question does not tell its key. ``stems`` are the left-hand sides of matching. ``gaps`` has, for each gap of a
    blanks question, the choices of a drop-down, or none for a typed one; the prompt marks the places as ``[[1]]``, ``[[2]]``.
    """

    key: str
    kind: Kind
    prompt: str
    title: str = ""
    points: Decimal = Decimal(1)
    options: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    gaps: tuple[tuple[str, ...], ...] = ()
    hints: tuple[str, ...] = ()
    shuffle: bool = False
    id: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """One foreseen answer of a numeric, text or code question, or of one gap.

    Exactly one of the three forms is given: ``text``; ``pattern``, in the subset that ``model.pattern`` checks;
    or the closed range ``low`` to ``high``, decimal numbers as strings.
    """

    text: str | None = None
    pattern: str | None = None
    low: str | None = None
    high: str | None = None
    correct: bool = True
    feedback: str = ""


class AnswerKey(Struct, frozen=True, kw_only=True):
    """What grades a question, and what is said after an answer.

    ``correct`` are 1-based option numbers: the right ones (single, multiple), the right order (order), or for each stem
    the right-hand number (matching). ``answers`` serve numeric, text and code_output; ``gaps`` the gaps of blanks.
    ``feedback`` is per option. ``case`` makes text comparison exact in case; ``partial`` gives part marks.
    """

    correct: tuple[int, ...] = ()
    answers: tuple[Answer, ...] = ()
    gaps: tuple[tuple[Answer, ...], ...] = ()
    feedback: tuple[str, ...] = ()
    explanation: str = ""
    model_answer: str = ""
    case: bool = False
    partial: bool = False


class Grade(Struct, frozen=True):
    """``points`` won of ``out_of``, each with at most 4 decimal places; ``feedback`` is what the key says of this answer."""

    points: Decimal
    out_of: Decimal
    feedback: tuple[str, ...] = ()

    @property
    def correct(self) -> bool:
        """Whether the answer won all points."""
        return self.points == self.out_of


# A response as it stands in ANSWERS.json and in an event: see ``model.grading`` for its shape by kind.
Response = Any
