"""A screen on which a section is studied: it counts active time and hands it to the library."""

from collections.abc import Coroutine
from time import monotonic
from typing import TYPE_CHECKING

from lms_tui.model.activity import ActivityMeter
from lms_tui.screens.base import LibraryScreen, Said
from lms_tui.views.nodes import SectionPage

if TYPE_CHECKING:
    from lms_tui.library import Library

_RECORD_EVERY_SECONDS = 15.0
_BEAT_SECONDS = 1.0


class TimedScreen(LibraryScreen):
    """Time counts from key to key, in one window at a time; it is recorded every quarter of a minute and on leaving."""

    def __init__(self, library: "Library", page: SectionPage) -> None:
        super().__init__(library)
        self.page = page
        self._meter = ActivityMeter()

    def on_mount(self) -> None:
        self.set_interval(_RECORD_EVERY_SECONDS, self._record)
        self.set_interval(_BEAT_SECONDS, self.beat)
        self.watch(self.app, "app_focus", self._app_focus_changed, init=False)

    def on_screen_resume(self) -> None:
        self.touched()

    async def on_screen_suspend(self) -> None:
        await self._guarded(self.settle())

    async def on_unmount(self) -> None:
        await self._guarded(self.settle())

    def course_here(self) -> str:
        return self.page.course.ref

    def can_be_taken(self) -> bool:
        """Whether what is done here does not count yet, because the course is not taken."""
        return not self.library.counts_in(self.page.course)

    def action_enrol(self) -> None:
        """Takes the course, with this section as the first that was opened in it."""
        self.work(self._enrol(self.page))

    async def _enrol(self, page: SectionPage) -> None:
        await self.library.enrol(page.course.id)
        await self.library.opened(page.section.id)
        self.app.post_message(Said(f"You take “{page.course.title}” now."))

    def beat(self) -> None:
        """Time goes by, and the app is running."""
        self._meter.beat(monotonic())

    def touched(self) -> None:
        super().touched()
        if self.library.study_time.take(self):
            self._meter.touch(monotonic())
        else:
            self._meter.pause(monotonic())

    def _app_focus_changed(self, has_focus: bool) -> None:
        if has_focus:
            self.touched()
        else:
            self._rest()

    def _rest(self) -> None:
        self._meter.pause(monotonic())
        self.library.study_time.let_go(self)

    def settle(self) -> Coroutine[None, None, None]:
        """What remains to be recorded of this section, taken now, so that the next one can be shown before it is recorded."""
        self._rest()
        return self._spent(self.page.section.id, self._meter.take(monotonic()))

    def _record(self) -> None:
        if self._meter.is_idle(monotonic()):
            self.library.study_time.let_go(self)
        self.work(self._spent(self.page.section.id, self._meter.take(monotonic())))

    async def _spent(self, section_id: str, seconds: int) -> None:
        if seconds:
            await self.library.spent(section_id, seconds)
