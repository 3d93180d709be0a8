"""What the sync screen lists, a line each, under titles: what was refused, what is kept here, what the last runs did."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from textual.content import Content

from lms_tui.views.syncing import Download, Problem, RunNode, clock, size, version_words
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.rows import Rows

_ROOMY = 66  # cells from which a row has room for all of its columns


class Title(Struct, frozen=True):
    """A line above rows, with the names of their columns. The cursor goes past it."""

    text: str
    columns: Literal["", "problems", "downloads"] = ""


class Note(Struct, frozen=True):
    """A line in place of rows. The cursor goes past it."""

    text: str


Entry = Problem | Download | RunNode
Row = Entry | Title | Note


class SyncRows(Rows):
    """Rows of three kinds with titles between them."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._now = datetime.now(UTC)
        self._when = self._ended = 0

    def show(self, rows: Sequence[Row], now: datetime) -> None:
        """These rows, as of now; the cursor stays on the entry that it was on."""
        here = _name(self.selected)
        self._rows, self._now = rows, now
        self._when = max((len(clock(moment, now)) for row in rows if (moment := _moment(row))), default=0)
        self._ended = max((len(clock(row.ended_at, now)) for row in rows if isinstance(row, RunNode)), default=0)
        self.set_count(len(rows))
        self.cursor = next((index for index, row in enumerate(rows) if here and _name(row) == here), self._nearest(self.cursor, 1))

    @property
    def selected(self) -> Entry | None:
        """What is under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return None if isinstance(row, Title | Note) else row

    def _nearest(self, index: int, by: int) -> int:
        """The entry at a row or behind it in a direction, else the one before it, else the row."""
        ahead = range(index, len(self._rows)) if by > 0 else range(min(index, len(self._rows) - 1), -1, -1)
        back = range(index, -1, -1) if by > 0 else range(index, len(self._rows))
        places = (one for one in (*ahead, *back) if 0 <= one < len(self._rows) and not isinstance(self._rows[one], Title | Note))
        return next(places, index)

    def action_cursor(self, by: int) -> None:
        self.cursor = self._nearest(self.validate_cursor(self.cursor + by), by)

    def action_page(self, by: int) -> None:
        super().action_page(by)
        self.cursor = self._nearest(self.cursor, by)

    def action_cursor_to(self, index: int) -> None:
        super().action_cursor_to(index)
        self.cursor = self._nearest(self.cursor, 1 if index == 0 else -1)

    def on_resize(self) -> None:
        super().on_resize()
        self.bring_into_sight()

    def first_in_sight(self, cursor: int) -> int:
        return cursor - 1 if cursor and isinstance(self._rows[cursor - 1], Title) else cursor

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        row = self._rows[index]
        if isinstance(row, Problem):
            return (self._problem(row, width),)
        if isinstance(row, Download):
            return (self._download(row, width),)
        if isinstance(row, RunNode):
            return (self._run(row),)
        if isinstance(row, Title):
            return (_with_right(Content.styled(row.text, "bold $quiet"), self._names(row) if width >= _ROOMY else "", width),)
        return (Content.styled(row.text, "$quiet"),)

    def _names(self, title: Title) -> str:
        if title.columns == "problems":
            return f"why  {'when':>{self._when}}"
        return f"{'size':>8}  {'version':<14}  {'as of':>{self._when}}" if title.columns else ""

    def _problem(self, problem: Problem, width: int) -> Content:
        left, at = Content.assemble(("! ", "$error"), foreign(problem.what)), clock(problem.at, self._now)
        return _with_right(left, f"{problem.short}  {at:>{self._when}}" if width >= _ROOMY else at, width)

    def _download(self, download: Download, width: int) -> Content:
        mark, colour = _mark(download)
        left = Content.assemble((f"{mark} ", colour), foreign(download.course.title))
        return _with_right(left, self._columns(download, roomy=width >= _ROOMY), width)

    def _columns(self, download: Download, *, roomy: bool) -> str:
        filled = size(download.bytes) if download.content_version else ""
        fresh = clock(download.as_of, self._now)
        if roomy:
            return f"{filled:>8}  {version_words(download):<14}  {fresh:>{self._when}}"
        return f"{filled}  {fresh if download.up_to_date else version_words(download)}".strip()

    def _run(self, run: RunNode) -> Content:
        well = run.outcome == "idle"
        mark, colour = ("!", "$error") if run.rejected else ("✓", "$success") if well else ("○", "$warning")
        return Content.assemble((f"{mark} ", colour), (f"{clock(run.ended_at, self._now):>{self._ended}}  ", "$quiet"), foreign(run.said))


def _moment(row: Row) -> datetime | None:
    if isinstance(row, Download):
        return row.as_of
    return row.at if isinstance(row, Problem) else None


def _mark(download: Download) -> tuple[str, str]:
    if not download.content_version:
        return "○", "$quiet"
    return ("✓", "$success") if download.up_to_date else ("↑", "$warning")


def _with_right(left: Content, right: str, width: int) -> Content:
    if not right:
        return left
    room = max(1, width - len(right) - 2)
    return Content.assemble(left.truncate(room, ellipsis=True, pad=True), "  ", (right, "$quiet"))


def _name(row: Row | None) -> str:
    if isinstance(row, Problem):
        return row.id
    if isinstance(row, Download):
        return row.course.id
    return row.started_at.isoformat() if isinstance(row, RunNode) else ""
