"""The top of the sync screen: where things stand, in sentences."""

from collections.abc import Iterator

from textual.content import Content
from textual.widgets import Static

from lms_tui.views.syncing import SyncOverview, clock, leader_words, queue_words
from lms_tui.widgets.foreign import foreign

_ROOM_FOR_THE_DEVICE = 80
_MARKS = {
    "online": ("●", "$success", "online"),
    "offline": ("○", "$warning", "offline"),
    "starting": ("◌", "$quiet", "starting"),
    "refused": ("!", "$error", "refused"),
}


class SyncHead(Static):
    """The state of the contact, the queue, the last sync, and whatever else is to be known."""

    def show(self, view: SyncOverview) -> None:
        """This, as it stands now."""
        self.update(Content("\n").join([_state(view), Content(queue_words(view)), _last(view, self.app.size.width), *_more(view)]))


def _state(view: SyncOverview) -> Content:
    mark, colour, word = _MARKS.get(view.state, _MARKS["starting"])
    since = f" since {clock(view.since, view.as_of)}" if view.since and view.state in ("online", "offline", "refused") else ""
    reason = Content.assemble(". ", foreign(view.reason)) if view.reason else Content("" if view.state == "online" else "…")
    return Content.assemble((f"{mark} ", colour), Content(word + since).stylize("bold"), reason)


def _last(view: SyncOverview, width: int) -> Content:
    last = clock(view.last_sync_at, view.as_of)
    who = " at ".join(name for name in (view.person, view.place) if name)
    parts = [f"Last sync {last}" if last else "Never synced yet", *([who] if who else [])]
    parts += [f"device {view.device[-6:]}"] if width >= _ROOM_FOR_THE_DEVICE else []
    return foreign(" · ".join(parts)).stylize("$quiet")


def _more(view: SyncOverview) -> Iterator[Content]:
    if view.read_only:
        yield Content.assemble(("! ", "$error"), foreign(view.read_only), " Nothing can be recorded or changed here now.")
    if view.leader is not None:
        mark = ("! ", "$error") if view.leader.silent_since else ("◌ ", "$quiet")
        yield Content.assemble(mark, leader_words(view.leader, view.as_of))
    for one in view.put_off:
        yield Content.assemble(("◌ ", "$warning"), f"{one.count} put off. ", foreign(one.said))
    if view.cloned_at:
        day = clock(view.cloned_at, view.as_of)
        yield Content.styled(f"This library came here from elsewhere ({day}), and syncs as a device of its own.", "$quiet")
