"""The lessons and sections of a course, a line each."""

from collections.abc import Sequence

from textual.content import Content

from lms_tui.views.nodes import LessonNode, Outline, SectionNode
from lms_tui.views.words import MARKS, TYPE_WORDS, draft, lesson_line, minutes, minutes_left, score, standing_of
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.rows import Rows

_COLOURS = {"done": "$success", "begun": "$accent", "not begun": "$quiet", "not passed": "$error"}


class OutlineRows(Rows):
    """Lessons with their sections under them: mark, title, and at the right type, minutes and score as far as they fit."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[LessonNode | SectionNode] = []
        self._numbers: dict[str, int] = {}
        self._scored = False
        self._kind_width = self._time_width = 0

    def show(self, outline: Outline, at: str = "") -> None:
        """A course's outline; ``at`` is the id or ref that the cursor goes to, else it stays on its row."""
        here = at or (self.selected.id if self.selected else "")
        self._rows = []
        sections = [section for lesson in outline.lessons for section in lesson.sections]
        self._time_width = max((len(_time(section)) for section in sections), default=0)
        self._scored = any(section.progress.score is not None for section in sections)
        self._kind_width = max((len(TYPE_WORDS[section.type]) for section in sections), default=0)
        for number, lesson in enumerate(outline.lessons, 1):
            self._numbers[lesson.id] = number
            self._rows += [lesson, *lesson.sections]
        self.set_count(len(self._rows))
        self.cursor = next((index for index, row in enumerate(self._rows) if here in (row.id, row.ref)), self.cursor)

    @property
    def selected(self) -> LessonNode | SectionNode | None:
        """The lesson or section under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    def first_in_sight(self, cursor: int) -> int:
        above = self._rows[: cursor + 1][-max(1, self.size.height) :]
        return next((cursor - back for back, row in enumerate(reversed(above)) if isinstance(row, LessonNode)), cursor)

    def on_resize(self) -> None:
        super().on_resize()
        self.bring_into_sight()

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        row = self._rows[index]
        return (self._lesson(row, width) if isinstance(row, LessonNode) else self._section(row, width),)

    def _lesson(self, lesson: LessonNode, width: int) -> Content:
        title = Content.assemble(_mark(lesson), f"{self._numbers[lesson.id]}  ", foreign(lesson.title)).stylize("bold")
        right = lesson_line(lesson).split(" · ", 1)[1] if width >= 56 else f"{lesson.progress.percent} %"
        return _with_right(title, right, width)

    def _section(self, section: SectionNode, width: int) -> Content:
        left = Content.assemble("   ", _mark(section), foreign(section.title))
        kind = TYPE_WORDS[section.type] if width >= 40 else ""
        time = f"  {_time(section):>{self._time_width}}" if self._time_width else ""
        result = f"{score(section.progress.score):>6}  " if self._scored else ""
        return _with_right(left, f"{result}{kind:<{self._kind_width}}{time}" if kind else time, width)


def _time(section: SectionNode) -> str:
    return minutes(section.minutes * 60) if section.minutes else ""


def _mark(row: LessonNode | SectionNode) -> Content:
    standing = standing_of(row)
    return Content.styled(f"{MARKS[standing]} ", _COLOURS[standing])


def _with_right(left: Content, right: str, width: int) -> Content:
    room = max(1, width - len(right) - 2)
    return Content.assemble(left.truncate(room, ellipsis=True, pad=True), "  ", (right, "$quiet"))


def course_standing(outline: Outline) -> str:
    """A course's standing for a heading: ``42 % · 12 min left``."""
    left = minutes_left(section for lesson in outline.lessons for section in lesson.sections)
    parts = [*draft(outline.course), f"{outline.course.progress.percent} %"]
    if left:
        parts.append(f"{minutes(left * 60)} left")
    return " · ".join(parts)
