"""The last line of every screen: the truth about the database and the outbox, who studies, and for how long today."""

from datetime import UTC, datetime, timedelta

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from lms_tui.views.nodes import Status
from lms_tui.views.syncing import clock
from lms_tui.views.words import minutes
from lms_tui.widgets.foreign import foreign

_ON_ITS_WAY = timedelta(seconds=10)  # while online, what is recorded is sent within some seconds


class StatusLine(Widget):
    """``● online · 3 queued · 1 needs you`` at the left, the person and today's active time at the right.

    While online, the queue is told when something in it waits longer than it should: else it would come and go with every key.
    """

    def __init__(self) -> None:
        super().__init__()
        self._status = Status(state="starting")
        self._today = 0
        self._now = datetime.now(UTC)
        self._look_again: Timer | None = None

    def show(self, status: Status, active_seconds_today: int, now: datetime) -> None:
        """The library's status as of now, which is in the person's zone."""
        self._status, self._today, self._now = status, active_seconds_today, now
        self.tooltip = foreign(status.reason) if status.reason else None
        if self._look_again is not None:
            self._look_again.stop()
        if status.queued:
            self._look_again = self.set_timer(_ON_ITS_WAY.total_seconds(), self.refresh)
        self.refresh()

    def _queue_is_told(self) -> bool:
        oldest = self._status.oldest_queued_at
        on_its_way = oldest is not None and timedelta(0) <= datetime.now(UTC) - oldest < _ON_ITS_WAY
        return bool(self._status.queued) and not (self._status.state == "online" and on_its_way)

    def render(self) -> Content:
        width = self.content_size.width
        left = self._left()
        for right in (self._right(self._status.person), self._right("")):
            room = width - right.cell_length - 2
            if room >= left.cell_length:
                return Content.assemble(left.truncate(room, pad=True), "  ", right)
        return left.truncate(max(1, width), ellipsis=True)

    def _left(self) -> Content:
        status = self._status
        parts = [_state(status, self._now)]
        if self._queue_is_told():
            parts.append(Content(f"{status.queued} queued"))
        if status.needs_you:
            parts.append(Content.styled(f"{status.needs_you} {'needs' if status.needs_you == 1 else 'need'} you", "$warning"))
        return Content.styled(" · ", "$quiet").join(parts)

    def _right(self, person: str) -> Content:
        today = Content(f"{minutes(self._today)} today")
        parts = [foreign(person), today] if person else [today]
        return Content(" · ").join(parts).stylize("$quiet")


def _state(status: Status, now: datetime) -> Content:
    since = f" since {clock(status.since, now)}" if status.since else ""
    match status.state:
        case "online":
            return Content.assemble(("● ", "$success"), "online")
        case "offline":
            return Content.assemble(("○ ", "$warning"), f"offline{since}")
        case "starting":
            return Content.assemble(("◌ ", "$quiet"), "starting…")
        case _:
            return Content.assemble(("! ", "$error"), f"refused{since}")
