"""Marking one's own answer beside the author's."""

from decimal import Decimal

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from lms_tui.model.question import AnswerKey, Question
from lms_tui.views.practice import points
from lms_tui.widgets.choices import Choices
from lms_tui.widgets.prose import Prose


class SelfMarking(Vertical):
    """The author's answer, and the question how near one's own comes."""

    def __init__(self, question: Question, key: AnswerKey | None) -> None:
        super().__init__()
        self._question, self._key = question, key
        self._shares = (Decimal(1), Decimal("0.5"), Decimal(0))

    def compose(self) -> ComposeResult:
        yield Static("A model answer", classes="headline", markup=False)
        yield Prose(self._key.model_answer if self._key and self._key.model_answer else "The author gave none.")
        yield Static("How near does yours come? Mark it yourself.", classes="headline", markup=False)
        words = ("It says the same", "It says part of it", "It does not, yet")
        yield Choices(
            [f"{word} ({points(share * self._question.points)})" for word, share in zip(words, self._shares, strict=True)],
            multiple=False,
            chosen=(),
        )

    @property
    def points(self) -> float | None:
        """The points that a person gave, or None while there are none."""
        chosen = self.query_one(Choices).chosen
        return float(self._shares[chosen[0] - 1] * self._question.points) if chosen else None

    def take_keys(self) -> None:
        """Puts the cursor on the marks."""
        self.screen.set_focus(self.query_one(Choices))
