"""The entry card of an assessment: what it asks for, what was done before, and what Enter does."""

from datetime import datetime

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from lms_tui.views.assessing import Entry
from lms_tui.views.attempting import attempt_line, facts, what_is_asked
from lms_tui.views.nodes import SectionPage
from lms_tui.widgets.foreign import foreign

_NAME_WIDTH = 20
_EMPTY = "There are no questions in this assessment yet."


class EntryCard(Widget):
    """Nothing is asked while this is shown."""

    def __init__(self, page: SectionPage, next_title: str) -> None:
        super().__init__()
        self.auto_links = False
        self._page, self._next_title = page, next_title
        self._entry: Entry | None = None
        self._now: datetime | None = None
        self._trouble = ""
        self._waits = False

    def show(self, page: SectionPage, entry: Entry, now: datetime, trouble: str, *, waits: bool) -> None:
        """The section and its attempts as they stand now. ``trouble``: why it could not be started; ``waits``: it is being started."""
        self._page, self._entry, self._now, self._trouble, self._waits = page, entry, now, trouble, waits
        self.refresh(layout=True)

    def render(self) -> Content:
        page, entry, now, width = self._page, self._entry, self._now, max(1, self.content_size.width)
        if entry is None or now is None:
            return Content("")
        lines = [
            foreign(page.section.title).stylize("bold"),
            Content.styled(what_is_asked(page.questions, page.section.question_count), "$quiet"),
            Content(""),
        ]
        lines += [
            Content.assemble((f"{name:<{_NAME_WIDTH}}", "$quiet"), value).truncate(width, ellipsis=True)
            for name, value in facts(entry, now)
        ]
        lines += [Content(""), *self._what_enter_does(entry)]
        if entry.attempts:
            lines += [Content(""), Content.styled("Attempts", "$quiet bold")]
            lines += [Content(attempt_line(attempt, now)) for attempt in entry.attempts]
        return Content("\n").join(lines)

    def _what_enter_does(self, entry: Entry) -> list[Content]:
        if self._waits:
            return [Content.styled("◌ One moment…", "bold")]
        lines = [Content.assemble(("! ", "bold $warning"), foreign(self._trouble)), Content("")] if self._trouble else []
        if entry.may_start and self._page.questions:
            action = "start" if entry.under_way is None else "resume"
            return [*lines, _enter(entry.sentence).stylize(Style.from_meta({"@click": f"screen.{action}"}))]
        why = foreign(entry.sentence if self._page.section.question_count else _EMPTY).stylize("bold")
        to = foreign(self._next_title) if self._next_title else Content("the outline of this course")
        on = Content.assemble(("Enter", "bold $accent"), (" goes on to ", "$quiet"), to)
        return [*lines, why, on.stylize(Style.from_meta({"@click": "screen.proceed"}))]


def _enter(sentence: str) -> Content:
    """The sentence, with the key in it seen as a key."""
    before, key, after = sentence.partition("Enter")
    return Content.assemble(foreign(before).stylize("bold"), (key, "bold $accent"), Content(after) if key else "")
