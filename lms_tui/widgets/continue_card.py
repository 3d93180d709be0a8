"""The card on the home screen that says what Enter does: where a person goes on."""

from datetime import datetime

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from lms_tui.keymap import KeyMap
from lms_tui.model.course import SectionType
from lms_tui.views.attempting import under_way
from lms_tui.views.nodes import ContinueCard, Home, Status
from lms_tui.views.words import course_line, minutes
from lms_tui.widgets.course_rows import progress_bar
from lms_tui.widgets.course_title import course_title
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import keymap_of


class Continue(Widget, can_focus=True):
    """Where to go on; while there is nothing yet, what the library is doing."""

    class Clicked(Message):
        """The card was clicked, which goes on."""

    def __init__(self) -> None:
        super().__init__()
        self._card: ContinueCard | None = None
        self._under_way = ""
        self._personal = True
        self._empty = Content("")

    def show(self, home: Home, status: Status, now: datetime) -> None:
        """The card; without one, words for the state that the library is in."""
        self._card, self._personal = home.card, home.personal
        self._under_way = under_way(home.entry, now).capitalize()
        self._empty = _without_card(home, status, keymap_of(self))
        self.border_title = _title(home)
        self.refresh(layout=True)

    def render(self) -> Content:
        if self._card is None:
            return self._empty
        card, width = self._card, max(1, self.content_size.width)
        lines = [Content.styled(f"! {self._under_way}", "bold $warning")] if self._under_way else []
        lines += [
            course_title(card.course, width, "bold"),
            Content.styled(" › ", "$quiet").join([foreign(card.lesson_title), foreign(card.section.title)]),
            self._how_far(card, min(30, width // 3)),
            self._enter(card),
        ]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _how_far(self, card: ContinueCard, width: int) -> Content:
        if not card.started:
            return Content.styled(course_line(card.course), "$quiet")
        about = f" · {minutes(card.section.minutes * 60)} for this section" if card.section.minutes else ""
        return Content.assemble(progress_bar(card.course.progress.percent, width), (about, "$quiet"))

    def _enter(self, card: ContinueCard) -> Content:
        if card.place.quote:
            return Content.assemble(
                ("Enter", "bold $accent"),
                (f" goes on at {card.place.ratio * 100:.0f} %: ", "$quiet"),
                Content.assemble("“", foreign(card.place.quote), "…”").stylize("$quiet italic"),
            )
        if self._under_way:
            return Content.assemble(("Enter", "bold $accent"), (" leads to it, and goes on with it there", "$quiet"))
        alone = "; it works offline and sends nothing" if self._personal else ""
        words = " opens the section" if card.started else f" starts it{alone}"
        if card.section.type is SectionType.ASSESSMENT:
            words = " shows what is asked; no attempt begins yet"
        return Content.assemble(("Enter", "bold $accent"), (words, "$quiet"))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.post_message(self.Clicked())


def _title(home: Home) -> str:
    if home.card is not None:
        return "Continue" if home.card.started else "Start here"
    return "All done" if _all_done(home) else "Welcome"


def _all_done(home: Home) -> bool:
    return not _awaited(home) and (home.begun or (home.personal and bool(home.courses)))


def _awaited(home: Home) -> bool:
    """Whether a course that is the person's is not here yet."""
    return any(course.enrolled and not course.available_offline for course in home.courses)


def _without_card(home: Home, status: Status, keymap: KeyMap) -> Content:
    if _all_done(home):
        return Content.assemble(
            ("You have finished everything that you began.\n", "bold"),
            ("Select a course below and press Enter to read it again.", "$quiet"),
        )
    if status.state == "starting":
        return _starting(home.personal, status.reason)
    title = "There is no course here yet.\n" if home.personal else "You take no course yet.\n"
    what_next = "Bring a course in with:  lms-tui import FOLDER"
    if not home.personal:
        catalogue = f"{keymap.key('go')} {keymap.key('go.catalog')}"
        what_next = f"Find one in the catalogue:  {catalogue}  then  {keymap.key('catalog.enrol')}  takes it"
    return Content.assemble(
        (title, "bold"),
        foreign(status.reason).stylize("$quiet"),
        "\n" if status.reason else "",
        (what_next, "$quiet"),
    )


def _starting(personal: bool, reason: str) -> Content:
    doing, then = (
        "Making a database for you, on this machine only",
        "This happens once and takes a few seconds. The five-minute tour comes next.",
    )
    if not personal:
        doing, then = "Asking the database", "Your courses come as soon as it answers."
    return Content.assemble(
        ("◌ Preparing your library…\n" if personal else "◌ Looking for your courses…\n", "bold"),
        foreign(reason or doing).stylize("$quiet"),
        (f"\n{then}", "$quiet"),
    )
