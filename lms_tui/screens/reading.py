"""Reading a section: the text, where one is in it, and the ways on."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer
from textual.widgets import Input

from lms_tui.commands import READING, bindings
from lms_tui.model.errors import LmsError
from lms_tui.screens.base import Said
from lms_tui.screens.opening import PRACTISED, open_outline, open_section
from lms_tui.screens.timed import TimedScreen
from lms_tui.views.nodes import Place, SectionPage
from lms_tui.views.practice import identity
from lms_tui.views.reading import source
from lms_tui.views.words import MARKS, numbered, state
from lms_tui.widgets.find_bar import FindBar
from lms_tui.widgets.reader import Reader
from lms_tui.widgets.way_on import WayOn

if TYPE_CHECKING:
    from lms_tui.library import Library

_SAVE_PLACE_AFTER_SECONDS = 0.2


class ReadingScreen(TimedScreen):
    """One section's text; ``]`` and ``[`` turn to its neighbours without leaving this screen."""

    HERE = READING
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READING)]
    AUTO_FOCUS = "Reader"

    def __init__(self, library: "Library", page: SectionPage, find: str = "", passage: str = "") -> None:
        """``find``: a text to go to, where ``passage`` begins."""
        super().__init__(library, page)
        self._to_find, self._passage = find, passage
        self._place: Place | None = None
        self._ratio = page.place.ratio
        self._next_title = ""
        self._saving: Timer | None = None

    def compose_body(self) -> ComposeResult:
        yield Reader()
        yield WayOn()
        yield FindBar()

    def on_mount(self) -> None:
        if self.is_attached:
            self._show(self.page)
        if self._to_find:
            self.call_after_refresh(self._go_to_passage)

    def _show(self, page: SectionPage) -> None:
        self.page = page
        self._place, self._ratio = None, page.place.ratio
        self._next_title = self._title_of(page.next)
        self.query_one(Reader).show(source(page), page.place)
        self._show_answers()
        self.query_one(WayOn).display = False
        self._show_standing()
        self.work(self.library.opened(page.section.id))

    def reread(self) -> None:
        page = self.library.page(self.page.section.id)
        changed = source(page) != source(self.page)
        if page.next != self.page.next:
            self._next_title = self._title_of(page.next)
        self.page = page
        if changed:
            self.query_one(Reader).show(source(page), self._place or page.place)
        self._show_answers()
        self._show_standing()

    def _show_answers(self) -> None:
        if self.page.questions:
            tried = self.library.tried(self.page.section.id)
            self.query_one(Reader).answer(frozenset(question.key for question in self.page.questions if identity(question) in tried))

    def _show_standing(self) -> None:
        page, standing = self.page, state(self.page.section.progress)
        mark = f" · {MARKS['done']} done" if standing == "done" else ""
        where = "end" if self._ratio >= 1 else f"{self._ratio * 100:.0f} %"
        right = f"{numbered(page.number, page.count, self.size.width)} · {where}{mark}"
        self.heading(page.course.title, page.lesson_title, page.section.title, right=right)
        self.query_one(WayOn).show(standing == "done", self._next_title, can_be_taken=self.can_be_taken())
        self.refresh_bindings()

    def _title_of(self, ref: str | None) -> str:
        return self.library.page(ref).section.title if ref else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only ways that lead somewhere."""
        match action:
            case "done":
                return self.page.section.progress.completed_at is None and not self.can_be_taken()
            case "enrol":
                return self.can_be_taken()
            case "next_section":
                return self.page.next is not None
            case "previous_section":
                return self.page.previous is not None
            case _:
                return True

    @on(Reader.Moved)
    def _moved(self, message: Reader.Moved) -> None:
        if message.document is not self.query_one(Reader).document:
            return  # said of the section before, which was turned over meanwhile
        self._place, self._ratio = message.place, message.ratio
        self._show_standing()
        if self._saving is None:  # however long somebody scrolls, the last fifth of a second is all that a kill can lose
            self._saving = self.set_timer(_SAVE_PLACE_AFTER_SECONDS, lambda: self.work(self._save_place()))

    async def _save_place(self) -> None:
        self._saving = None
        if self._place is not None:
            await self.library.save_place(self.page.section.id, self._place)

    def settle(self) -> Coroutine[None, None, None]:
        place, self._place = self._place, None
        return self._left(self.page.section.id, super().settle(), place)

    async def _left(self, section_id: str, time: Coroutine[None, None, None], place: Place | None) -> None:
        await time
        if place is not None:
            await self.library.left_at(section_id, place)

    @on(Reader.ReachedEnd)
    def _reached_end(self, message: Reader.ReachedEnd) -> None:
        if message.document is self.query_one(Reader).document:
            self.query_one(WayOn).display = True

    @on(Reader.QuestionOpened)
    def _question_opened(self, message: Reader.QuestionOpened) -> None:
        if self.is_active and any(question.key == message.key for question in self.page.questions):
            from lms_tui.screens.practice import PracticeScreen

            self.app.push_screen(PracticeScreen(self.library, self.page, only=message.key))

    @on(Reader.LinkOpened)
    def _link_opened(self, message: Reader.LinkOpened) -> None:
        if message.href.startswith(("https://", "http://")):
            self.work(self._open_outside(message.href))
        else:
            self.say(f"“{message.href}” is not a page of this library.", "warning")

    async def _open_outside(self, url: str) -> None:
        from lms_tui.library.background import in_background
        from lms_tui.screens.browser import open_outside

        if await in_background(lambda: open_outside(url)):
            self.app.post_message(Said(f"Opened in your browser: {url}"))
        else:
            self.app.copy_to_clipboard(url)
            self.app.post_message(Said(f"There is no browser with a window here. Copied: {url}"))

    @on(Reader.CodeCopied)
    def _code_copied(self, message: Reader.CodeCopied) -> None:
        self.app.copy_to_clipboard(message.text)
        self.say("Copied.")

    def _turn_to(self, ref: str | None) -> None:
        if ref is None:
            return
        try:
            page = self.library.page(ref)
        except LmsError as error:
            self.say(f"{error.message} {error.hint}", "warning")
            return
        self.work(self.settle())
        if page.section.type in PRACTISED:
            open_section(self, ref, instead=True)
        else:
            self._show(page)
            self.touched()

    def action_next_section(self) -> None:
        """Turns to the section after this one."""
        self._turn_to(self.page.next)

    def action_previous_section(self) -> None:
        """Turns to the section before this one."""
        self._turn_to(self.page.previous)

    def action_next_lesson(self) -> None:
        """Turns to the first section of the next lesson."""
        self.or_leave(lambda: self._turn_to_lesson(1))

    def action_previous_lesson(self) -> None:
        """Turns to the first section of the lesson before."""
        self.or_leave(lambda: self._turn_to_lesson(-1))

    def _turn_to_lesson(self, by: int) -> None:
        lessons = [lesson for lesson in self.library.outline(self.page.course.ref).lessons if lesson.sections]
        here = next((index for index, lesson in enumerate(lessons) if lesson.ref == self.page.lesson_ref), 0)
        if 0 <= here + by < len(lessons):
            self._turn_to(lessons[here + by].sections[0].ref)
        else:
            self.say("This is the last lesson." if by > 0 else "This is the first lesson.")

    def action_outline(self) -> None:
        """The outline of this course, at this section."""
        open_outline(self, self.page.course.ref, self.page.section.id, instead=True)

    def action_done(self) -> None:
        """Records that the section is done; the tick is drawn when the library has it."""
        self.work(self._done(self.page.section.ref))  # this page's, whichever page is open when the work begins

    async def _done(self, ref: str) -> None:
        await self.library.done([ref])

    def action_find(self) -> None:
        """Asks what to find."""
        self.query_one(FindBar).open()

    def action_back(self) -> None:
        """Ends finding; where nothing is looked for, goes to the screen before."""
        if self.query_one(FindBar).display:
            self._close_find()
            self.query_one(Reader).find("")
        else:
            super().action_back()

    def _close_find(self) -> None:
        self.query_one(FindBar).display = False
        self.set_focus(self.query_one(Reader))

    @on(FindBar.Widened)
    def _widened(self, message: FindBar.Widened) -> None:
        self._close_find()
        self.open_search(message.text, self.course_here())

    @on(Input.Submitted, "FindBar Input")
    def _find(self, message: Input.Submitted) -> None:
        self._close_find()
        if not self._find_text(message.value) and message.value:
            self.say(f"“{message.value}” is not in this section.")

    def _go_to_passage(self) -> None:
        if self.query_one(Reader).find_passage(self._to_find, self._passage):
            self.query_one(FindBar).found(self._to_find)

    def _find_text(self, text: str) -> bool:
        found = self.query_one(Reader).find(text)
        if found:
            self.query_one(FindBar).found(text)
        return found
