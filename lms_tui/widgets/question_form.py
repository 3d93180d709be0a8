"""How each kind of question is answered: one small form a kind, all with a response and one message."""

import re
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static, TextArea

from lms_tui.model.question import Kind, Question, Response
from lms_tui.widgets.choices import Choices
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import Prose

_NUMBERS = re.compile(r"[0-9]+")
_LONGEST = 10_000
_MOST_DIGITS = 9  # of a number that is counted with: more than any option's has, and less than a computer minds


class QuestionForm(Vertical):
    """A question's answer as it is being given. ``response`` may be incomplete.

    ``order`` are the numbers of its options in the order in which they are drawn; a response has the options' own numbers.
    """

    class Changed(Message):
        """The answer is another now; it is worth keeping."""

    class Submitted(Message):
        """Enter was pressed in the last field."""

    def __init__(self, question: Question, draft: Response, order: Sequence[int] = ()) -> None:
        super().__init__()
        self.order = tuple(order) or tuple(range(1, len(question.options) + 1))
        self.question = question
        self.draft = draft

    @property
    def response(self) -> Response:
        """The answer, in the shape that grading asks for."""
        raise NotImplementedError

    def take_keys(self) -> None:
        """Puts the cursor into the first field; the question is read from its beginning all the same."""
        for field in self.query("Input, TextArea, Choices"):
            self.screen.set_focus(field, scroll_visible=False)
            return

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choices.Changed)
    def _field_changed(self, message: Message) -> None:
        message.stop()
        if isinstance(message, (Input.Changed, TextArea.Changed)):
            message.control.scroll_visible(animate=False)
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _field_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        fields = list(self.query(Input))
        after = fields[fields.index(message.input) + 1 :]
        empty = [field for field in after if not field.value.strip()]
        if empty:
            self.screen.set_focus(empty[0])
        else:
            self.post_message(self.Submitted())


class ChoiceForm(QuestionForm):
    """One option, or several."""

    def compose(self) -> ComposeResult:
        multiple = self.question.kind is Kind.MULTIPLE
        chosen = self.draft if isinstance(self.draft, list) else [self.draft] if isinstance(self.draft, int) else []
        options = [self.question.options[number - 1] for number in self.order]
        yield Choices(options, multiple=multiple, chosen=[self.order.index(number) + 1 for number in chosen if number in self.order])

    @property
    def response(self) -> Response:
        chosen = sorted(self.order[place - 1] for place in self.query_one(Choices).chosen)
        return chosen if self.question.kind is Kind.MULTIPLE else (chosen[0] if chosen else None)


class LineForm(QuestionForm):
    """A number or a text, on one line."""

    def compose(self) -> ComposeResult:
        numeric = self.question.kind is Kind.NUMERIC
        yield Input(
            self.draft if isinstance(self.draft, str) else "",
            placeholder="a number" if numeric else "your answer",
            restrict=r"[0-9eE+\-.,_ ]*" if numeric else None,
            max_length=_LONGEST,
        )

    @property
    def response(self) -> Response:
        return self.query_one(Input).value


class Lines(TextArea, inherit_bindings=False):
    """Several lines of text; Enter begins a new one. F6 and F7 are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in TextArea.BINDINGS if not (isinstance(binding, Binding) and binding.key in ("f6", "f7"))
    ]

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        return key == "enter" or super().check_consume_key(key, character)


class LinesForm(QuestionForm):
    """A text of several lines: what a program prints, or an answer that one marks oneself. Writing goes on where it ended."""

    def compose(self) -> ComposeResult:
        draft = self.draft.get("text", "") if isinstance(self.draft, dict) else self.draft
        yield Lines(draft if isinstance(draft, str) else "", soft_wrap=True, tab_behavior="focus", placeholder="your answer")

    def take_keys(self) -> None:
        super().take_keys()
        field = self.query_one(TextArea)
        field.move_cursor(field.document.end)

    @property
    def response(self) -> Response:
        text = self.query_one(TextArea).text
        return {"text": text, "points": 0} if self.question.kind is Kind.SELF_MARKED else text


class OrderForm(QuestionForm):
    """Items with numbers; their order is typed."""

    def compose(self) -> ComposeResult:
        yield from _numbered(self.question.options)
        draft = self.draft if isinstance(self.draft, list) else []
        yield Input(
            " ".join(str(number) for number in draft),
            placeholder=f"the order, such as {' '.join(str(number) for number in range(len(self.question.options), 0, -1))}",
            restrict=r"[0-9 ,]*",
            max_length=_LONGEST,
        )

    @property
    def response(self) -> Response:
        text = self.query_one(Input).value
        spaced = text if " " in text.strip() or "," in text or len(self.question.options) > 9 else " ".join(text)
        return [int(number[:_MOST_DIGITS]) for number in _NUMBERS.findall(spaced)]


class MatchingForm(QuestionForm):
    """Right-hand sides with numbers; one number is typed for each left-hand side."""

    def compose(self) -> ComposeResult:
        yield from _numbered(self.question.options)
        draft = self.draft if isinstance(self.draft, list) else []
        digits = len(str(len(self.question.options)))
        for index, stem in enumerate(self.question.stems):
            value = str(draft[index]) if index < len(draft) and draft[index] else ""
            with Horizontal(classes="field"):
                yield Input(value, placeholder="no.", restrict=r"[0-9]*", max_length=digits, compact=True, classes="number")
                yield Prose(stem)

    @property
    def response(self) -> Response:
        return [int(field.value or 0) for field in self.query(Input)]


class BlanksForm(QuestionForm):
    """A field for each gap; a gap with choices lists them and takes the text of one, or its number."""

    def compose(self) -> ComposeResult:
        draft = self.draft if isinstance(self.draft, list) else []
        for index, choices in enumerate(self.question.gaps):
            value = draft[index] if index < len(draft) and isinstance(draft[index], str) else ""
            with Horizontal(classes="field"):
                yield Label(f"[{index + 1}]", markup=False)
                yield Input(value, placeholder=_of_choices(choices), max_length=_LONGEST, compact=True)
            if choices:
                listed = " · ".join(f"{number} {choice}" for number, choice in enumerate(choices, 1))
                yield Static(foreign(listed), classes="choices")

    @property
    def response(self) -> Response:
        return [_chosen(field.value, choices) for field, choices in zip(self.query(Input), self.question.gaps, strict=True)]


def _of_choices(choices: Sequence[str]) -> str:
    return f"a number, 1 to {len(choices)}" if choices else "your answer"


def _chosen(text: str, choices: Sequence[str]) -> str:
    typed = text.strip()
    if typed.isdecimal() and len(typed) <= _MOST_DIGITS and 1 <= int(typed) <= len(choices) and typed not in choices:
        return choices[int(typed) - 1]
    return text


def _numbered(options: Sequence[str]) -> ComposeResult:
    with Vertical(classes="options"):
        for number, option in enumerate(options, 1):
            with Horizontal(classes="option"):
                yield Static(f"{number}", classes="mark", markup=False)
                yield Prose(option)


_FORMS: dict[Kind, type[QuestionForm]] = {
    Kind.SINGLE: ChoiceForm,
    Kind.MULTIPLE: ChoiceForm,
    Kind.NUMERIC: LineForm,
    Kind.TEXT: LineForm,
    Kind.BLANKS: BlanksForm,
    Kind.MATCHING: MatchingForm,
    Kind.ORDER: OrderForm,
    Kind.CODE_OUTPUT: LinesForm,
    Kind.SELF_MARKED: LinesForm,
}


def form_for(question: Question, draft: Response, order: Sequence[int] = ()) -> QuestionForm:
    """The form of a question's kind, with the draft that was kept."""
    return _FORMS[question.kind](question, draft, order)
