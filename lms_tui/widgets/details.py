"""What is selected in an outline, in words: beside the outline where there is room, else in one line under it."""

from datetime import UTC, tzinfo

from textual.content import Content
from textual.widget import Widget

from lms_tui.views.nodes import LessonNode, Outline, SectionNode
from lms_tui.views.words import MARKS, course_line, lesson_line, minutes, section_line, standing_of
from lms_tui.widgets.course_rows import progress_bar
from lms_tui.widgets.foreign import foreign


class Details(Widget):
    """The state of the selected lesson or section in words, its objectives, and the course it is in."""

    def __init__(self) -> None:
        super().__init__()
        self._outline: Outline | None = None
        self._row: LessonNode | SectionNode | None = None
        self._standing = ""
        self._zone: tzinfo = UTC

    def show(self, outline: Outline, row: LessonNode | SectionNode | None, standing: str, zone: tzinfo) -> None:
        """This row of this outline. ``standing``: how it stands, where there is more to say than its state. ``zone``: the person's."""
        self._outline, self._row, self._standing, self._zone = outline, row, standing, zone
        self.refresh(layout=True)

    def render(self) -> Content:
        if self._outline is None or self._row is None:
            return Content("")
        line = _line(self._row, self._standing)
        if self.content_size.height < 2:
            return Content.styled(line, "$quiet").truncate(max(1, self.content_size.width), ellipsis=True)
        facts = f"{MARKS[standing_of(self._row)]} {line}".split(" · ")
        parts = [foreign(self._row.title).stylize("bold"), *(Content(fact) for fact in facts), *_studied(self._row, self._zone)]
        if isinstance(self._row, LessonNode):
            parts += _list("You will learn", self._row.objectives)
        return Content("\n").join([*parts, Content(""), *self._course(self._outline)])

    def _course(self, outline: Outline) -> list[Content]:
        course = outline.course
        lines = [
            Content.styled("─" * max(1, self.content_size.width), "$quiet"),
            foreign(course.title).stylize("bold"),
            progress_bar(course.progress.percent, min(24, self.content_size.width - 8)),
            Content.styled(course_line(course), "$quiet"),
        ]
        if course.summary:
            lines += [Content(""), foreign(course.summary)]
        if outline.authors:
            lines += [Content(""), foreign("By " + ", ".join(outline.authors)).stylize("$quiet")]
        if outline.license:
            lines.append(foreign(f"Licence {outline.license}").stylize("$quiet"))
        return lines


def _line(row: LessonNode | SectionNode, standing: str) -> str:
    return lesson_line(row) if isinstance(row, LessonNode) else section_line(row, standing)


def _studied(row: LessonNode | SectionNode, zone: tzinfo) -> list[Content]:
    progress, lines = row.progress, []
    if progress.active_seconds:
        lines.append(Content.styled(f"{minutes(progress.active_seconds)} studied", "$quiet"))
    if progress.completed_at:
        lines.append(Content.styled(f"done on {progress.completed_at.astimezone(zone):%-d %B %Y, %H:%M}", "$quiet"))
    elif progress.last_accessed_at:
        lines.append(Content.styled(f"last opened {progress.last_accessed_at.astimezone(zone):%-d %B %Y, %H:%M}", "$quiet"))
    return lines


def _list(name: str, texts: tuple[str, ...]) -> list[Content]:
    if not texts:
        return []
    return [Content(""), Content.styled(name, "bold"), *(Content("• ") + foreign(text) for text in texts)]
