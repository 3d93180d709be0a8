"""The sync screen: what is queued, what needs the person, what is kept here, and what the last runs did."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from lms_tui.commands import SYNC, SYNC_NOW, bindings
from lms_tui.screens.base import WIDE, LibraryScreen, Said
from lms_tui.screens.opening import open_outline
from lms_tui.views.syncing import Download, Problem, RunNode, SyncOverview
from lms_tui.views.words import counted
from lms_tui.widgets.own_keys import key_hint, keymap_of
from lms_tui.widgets.sync_head import SyncHead
from lms_tui.widgets.sync_rows import Entry, Note, Row, SyncRows, Title

_AGES_SECONDS = 15.0


class SyncScreen(LibraryScreen):
    """Follows what happens; Enter tells the whole story of a line."""

    HERE = (*SYNC, replace(SYNC_NOW, hint="sync now"))
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SYNC)]
    AUTO_FOCUS = "#here"
    _problems: tuple[Problem, ...] = ()
    _downloads: tuple[Download, ...] = ()
    _asked_of = ""  # the course that was to be removed while nothing could bring it back

    def compose_body(self) -> ComposeResult:
        with Vertical(id="main"):
            yield SyncHead()
            with Horizontal():
                yield SyncRows(id="here")
                yield SyncRows(id="runs")

    def on_mount(self) -> None:
        self.set_interval(_AGES_SECONDS, self.status_changed)

    def on_resize(self) -> None:
        self.status_changed()

    def status_changed(self) -> None:
        if self.is_attached:
            self.reread()

    def reread(self) -> None:
        view = self.library.queue()
        self._problems, self._downloads = view.problems, self.library.downloads()
        self.heading("lms-tui", "Sync", right=f"{view.needs_you} refused" if view.needs_you else "")
        self.query_one(SyncHead).show(view)
        here, runs = self._here(view.needs_you - len(view.problems)), _runs(view)
        wide = self.app.size.width >= WIDE
        self.query_one("#here", SyncRows).show(here if wide else [*here, Note(""), *runs], view.as_of)
        beside = self.query_one("#runs", SyncRows)
        beside.display = wide
        beside.show(runs, view.as_of)
        self.refresh_bindings()

    def _here(self, more: int) -> list[Row]:
        needs: list[Row] = [Title("Needs you", "problems"), *self._problems, Note(f"and {more} more" if more else "")]
        if not self._problems:
            needs = []
        if not self._downloads:
            return [*needs, Title("On this machine"), Note("No course yet.")]
        return [*needs, Title("On this machine", "downloads"), *self._downloads]

    @property
    def _selected(self) -> Entry | None:
        focused = self.focused
        return focused.selected if isinstance(focused, SyncRows) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done depends on what there is, and on the line under the cursor."""
        selected = self._selected if self.is_mounted else None
        match action:
            case "story":
                return isinstance(selected, Problem | RunNode)
            case "outline" | "download":
                return isinstance(selected, Download)
            case "remove":
                return isinstance(selected, Download) and selected.content_version > 0
            case "retry" | "export":
                return bool(self._problems)
            case "refresh_all":
                return bool(self._downloads)
        return True

    @on(SyncRows.Moved)
    def _moved(self) -> None:
        selected = self._selected
        if not isinstance(selected, Download) or selected.course.id != self._asked_of:
            self._asked_of = ""
        self.refresh_bindings()

    @on(SyncRows.Clicked)
    def _clicked(self) -> None:
        if isinstance(self._selected, Download):
            self.action_outline()
        else:
            self.action_story()

    def action_story(self) -> None:
        """Tells all of what is under the cursor."""
        from lms_tui.screens.story import StoryScreen, of_problem, of_run

        selected, now = self._selected, self.library.queue().as_of
        if not self.is_active:
            return
        if isinstance(selected, Problem):
            retry = partial(self.work_on_retry, [selected.id])
            self.app.push_screen(StoryScreen("Refused by the database", of_problem(selected, now), retry))
        elif isinstance(selected, RunNode):
            self.app.push_screen(StoryScreen("A run of sync", of_run(selected, now)))

    def action_outline(self) -> None:
        """The outline of the course under the cursor; one that was removed is fetched first."""
        selected = self._selected
        if isinstance(selected, Download):
            open_outline(self, selected.course.ref)

    def action_retry(self) -> None:
        """Sends all that was refused again."""
        self.work_on_retry(None)

    def work_on_retry(self, event_ids: Sequence[str] | None) -> None:
        """Sends these again, or all, behind the screen."""
        self.work(self._send_again(event_ids))

    async def _send_again(self, event_ids: Sequence[str] | None) -> None:
        count = await self.library.retry(event_ids)
        when = "it is sent now" if self._is_online() else "it is sent when the database can be reached"
        self.app.post_message(Said(f"Queued again: {counted(count, 'event')}; {when}."))

    def action_export(self) -> None:
        """Writes all that was refused into a file, and says which."""
        self.work(self._export())

    async def _export(self) -> None:
        path = await self.library.export_problems()
        self.app.post_message(Said(f"Written to {path}. Nothing was taken out of the list."))

    def action_download(self) -> None:
        """Fetches the course under the cursor, or what is newer in it."""
        selected = self._selected
        if isinstance(selected, Download):
            self.work(self._download([selected]))

    def action_refresh_all(self) -> None:
        """Asks for the newest version of every course that is here."""
        self.work(self._download([one for one in self._downloads if one.content_version]))

    async def _download(self, wanted: Sequence[Download]) -> None:
        await self.library.connect()
        fetched = await self.library.download([one.course.id for one in wanted])
        before = {one.course.id: one.fetched_at for one in wanted}
        new = sum(one.fetched_at != before[one.course.id] for one in fetched)
        if len(fetched) == 1:
            said = f"“{fetched[0].course.title}” is {'here now' if new else 'the newest already'}."
        else:
            said = f"{counted(len(fetched), 'course')} looked at; {new or 'nothing'} had to be fetched."
        self.app.post_message(Said(said))

    def action_remove(self) -> None:
        """Removes the course under the cursor from this machine; where it could not be brought back now, it has to be asked twice."""
        selected = self._selected
        if not isinstance(selected, Download):
            return
        if not self._is_online() and self._asked_of != selected.course.id:
            self._asked_of = selected.course.id
            again = key_hint(self, "sync.remove", "{} once more") or "Asking once more"
            lost = f"The database is not reached, so “{selected.course.title}” could not be brought back now."
            self.say(f"{lost} {again} removes it all the same.", "warning")
        else:
            self._asked_of = ""
            self.work(self._remove(selected))

    def _is_online(self) -> bool:
        return self.library.status().state == "online"

    async def _remove(self, download: Download) -> None:
        await self.library.remove([download.course.id])
        when = "" if self._is_online() else " when the database is reached"
        kept = f"What you did in it is kept. {keymap_of(self).key('sync.download')} brings it back{when}."
        self.app.post_message(Said(f"“{download.course.title}” is not on this machine any more. {kept}"))


def _runs(view: SyncOverview) -> list[Row]:
    return [Title("Last runs"), *(view.runs or (Note("None yet."),))]
