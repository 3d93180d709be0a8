"""The card on the home screen that says what Enter does: where a person goes on."""

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from lms_tui.model.course import SectionType
from lms_tui.views.nodes import ContinueCard, Status
from lms_tui.views.words import course_line
from lms_tui.widgets.course_rows import progress_bar
from lms_tui.widgets.foreign import foreign


class Continue(Widget, can_focus=True):
    """Where to go on; while there is nothing yet, what the library is doing."""

    class Clicked(Message):
        """The card was clicked, which goes on."""

    def __init__(self) -> None:
        super().__init__()
        self._card: ContinueCard | None = None
        self._empty = Content("")

    def show(self, card: ContinueCard | None, status: Status, course_count: int) -> None:
        """The card; without one, words for the state that the library is in."""
        self._card = card
        self._empty = _without_card(status, course_count)
        self.border_title = _title(card, course_count)
        self.refresh()

    def render(self) -> Content:
        if self._card is None:
            return self._empty
        card, width = self._card, max(1, self.content_size.width)
        lines = [
            foreign(card.course.title).stylize("bold"),
            Content.styled(" › ", "$quiet").join([foreign(card.lesson_title), foreign(card.section.title)]),
            self._how_far(card, min(30, width // 3)),
            self._enter(card),
        ]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _how_far(self, card: ContinueCard, width: int) -> Content:
        if not card.started:
            return Content.styled(course_line(card.course), "$quiet")
        about = f" · {card.section.minutes} min for this section" if card.section.minutes else ""
        return Content.assemble(progress_bar(card.course.progress.percent, width), (about, "$quiet"))

    def _enter(self, card: ContinueCard) -> Content:
        if card.place.quote:
            return Content.assemble(
                ("Enter", "bold $accent"),
                (f" goes on at {card.place.ratio * 100:.0f} %: ", "$quiet"),
                Content.assemble("“", foreign(card.place.quote), "…”").stylize("$quiet italic"),
            )
        words = " opens the section" if card.started else " starts it; it works offline and sends nothing"
        if card.section.type is SectionType.ASSESSMENT:
            words = " shows what is asked; no attempt begins yet"
        return Content.assemble(("Enter", "bold $accent"), (words, "$quiet"))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.post_message(self.Clicked())


def _title(card: ContinueCard | None, course_count: int) -> str:
    if card is not None:
        return "Continue" if card.started else "Start here"
    return "All done" if course_count else "Welcome"


def _without_card(status: Status, course_count: int) -> Content:
    if course_count:
        return Content.assemble(
            ("You have finished everything that you began.\n", "bold"),
            ("Select a course below and press Enter to read it again.", "$quiet"),
        )
    if status.state == "starting":
        doing = foreign(status.reason) if status.reason else Content("Making a database for you, on this machine only")
        return Content.assemble(
            ("◌ Preparing your library…\n", "bold"),
            doing.stylize("$quiet"),
            ("\nThis happens once and takes a few seconds. The five-minute tour comes next.", "$quiet"),
        )
    return Content.assemble(
        ("There is no course here yet.\n", "bold"),
        foreign(status.reason).stylize("$quiet"),
        "\n" if status.reason else "",
        ("Bring a course in with:  lms-tui import FOLDER", "$quiet"),
    )
