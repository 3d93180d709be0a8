"""One thing of the sync screen, told whole: what it was, when, why, and what can be done now."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from lms_tui.views.syncing import Problem, RunNode, clock
from lms_tui.widgets.foreign import foreign_lines
from lms_tui.widgets.own_keys import bind_own_keys, keymap_of

Part = tuple[str, str]


class StoryScreen(ModalScreen[None]):
    """Sentences under short titles. ``retry`` is called for ``r``, where that can help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(None)", "Close", show=False),
        Binding("escape,q", "dismiss(None)", "Close", show=False, id="back"),
        Binding("r", "retry", "Send again", show=False, id="sync.retry"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, title: str, parts: Sequence[Part], retry: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._title = title
        self._parts = parts
        self._retry = retry

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = self._title
            box.border_subtitle = f"{keymap_of(self).key('sync.retry')} sends it again · Esc closes" if self._retry else "Esc closes"
            for name, text in self._parts:
                yield Static(Content.styled(name, "$quiet"), classes="part")
                yield Static(foreign_lines(text))

    def on_mount(self) -> None:
        bind_own_keys(self)

    def action_retry(self) -> None:
        """Sends it again and closes."""
        if self._retry is not None and self.is_active:
            self.dismiss(None)
            self._retry()


def of_problem(problem: Problem, now: datetime) -> list[Part]:
    """The story of what was refused."""
    parts = [
        ("what", f"{problem.what}, {clock(problem.at, now)}"),
        ("why it is not counted", problem.happened),
        ("what is safe", problem.safe),
        ("what can be done", problem.next_step),
    ]
    return [*parts, ("what the database said", problem.detail)] if problem.detail else parts


def of_run(run: RunNode, now: datetime) -> list[Part]:
    """The story of a run."""
    began, ended = clock(run.started_at, now), clock(run.ended_at, now)
    return [("when", began if began == ended else f"{began} to {ended}"), ("what it did", run.said)]
