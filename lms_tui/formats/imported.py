"""What a reader of a format hands back, and how it says what is wrong."""

from msgspec import Struct

from lms_tui.model.course import Course
from lms_tui.model.errors import BadInput

MAX_WARNINGS = 500


class ImportWarning(Struct, frozen=True, kw_only=True):
    """Something odd that did not stop the import; ``line`` is 1-based, 0 for the file as a whole."""

    file: str
    line: int
    message: str


class Position(Struct, frozen=True):
    """Where something stands in the author's files; ``line`` as in a warning."""

    file: str
    line: int


class Refusal(BadInput):
    """A course that is refused because of a line in it."""

    def __init__(self, file: str, line: int, said: str) -> None:
        super().__init__(f"{file}:{line}: {said}.", "Nothing was imported. Mend the line and import again.")
        self.at = Position(file, line)
        self.said = said


class Imported(Struct, frozen=True, kw_only=True):
    """A course as read, what it counts (``model``: numbers by name, which depend on the format), and what was odd."""

    course: Course
    model: dict[str, object]
    warnings: tuple[ImportWarning, ...] = ()


class Findings:
    """Collects warnings while a course is read, and where its lessons, sections and questions stand, in the course's order."""

    def __init__(self) -> None:
        self._warnings: list[ImportWarning] = []
        self.lessons: list[Position] = []
        self.sections: list[Position] = []
        self.questions: list[Position] = []

    def warn(self, file: str, line: int, message: str) -> None:
        """Notes a warning; after 500 no more are kept."""
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings.append(ImportWarning(file=file, line=line, message=message))

    @property
    def warnings(self) -> tuple[ImportWarning, ...]:
        return tuple(self._warnings)


def bad(file: str, line: int, message: str) -> BadInput:
    """The error that refuses a course because of a line in it."""
    return Refusal(file, line, message)
