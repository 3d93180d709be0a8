"""How screens follow one another. A screen is imported when it is opened first.

The stack stays shallow: home, then an outline or progress, then one section, then perhaps one question out of it.
"""

from typing import TYPE_CHECKING

from lms_tui.model.course import SectionType
from lms_tui.model.errors import LmsError, NotFound
from lms_tui.screens.base import Said

if TYPE_CHECKING:
    from lms_tui.screens.base import LibraryScreen

PRACTISED = (SectionType.QUIZ, SectionType.ASSESSMENT)


def section_screen(screen: "LibraryScreen", ref: str) -> "LibraryScreen":
    """The screen for a section: reading, practice or an assessment. Raises ``LmsError``."""
    page = screen.library.page(ref)
    if page.section.type is SectionType.ASSESSMENT:
        from lms_tui.screens.assessment import AssessmentScreen

        return AssessmentScreen(screen.library, page)
    if page.section.type is SectionType.QUIZ:
        from lms_tui.screens.practice import PracticeScreen

        return PracticeScreen(screen.library, page)
    from lms_tui.screens.reading import ReadingScreen

    return ReadingScreen(screen.library, page)


def open_section(screen: "LibraryScreen", ref: str, *, instead: bool = False) -> None:
    """Opens a section, over this screen or instead of it; what is not there is told in a sentence."""
    if not screen.is_active:  # a second click, while the first opens something
        return
    try:
        opened = section_screen(screen, ref)
    except LmsError as error:
        screen.say(f"{error.message} {error.hint}", "warning")
        return
    if instead:
        screen.app.switch_screen(opened)
    else:
        screen.app.push_screen(opened)


def open_outline(screen: "LibraryScreen", course: str, section: str = "", *, instead: bool = False) -> None:
    """Opens a course's outline with the cursor on a section; goes back to it where it is the screen before."""
    from lms_tui.screens.outline import OutlineScreen

    if not screen.is_active:
        return
    stack = screen.app.screen_stack
    if len(stack) > 1 and isinstance(before := stack[-2], OutlineScreen) and before.course == course:
        screen.app.pop_screen()
        return
    try:
        opened = OutlineScreen(screen.library, course, section)
    except NotFound as error:
        screen.say(f"{error.message} {error.hint}", "warning")
        screen.work(_fetch(screen, course))
        return
    if instead:
        screen.app.switch_screen(opened)
    else:
        screen.app.push_screen(opened)


async def _fetch(screen: "LibraryScreen", course: str) -> None:
    """Brings a course that is only listed onto this machine; where that works, its outline can be opened."""
    outline = await screen.library.refresh_course(course)
    screen.app.post_message(Said(f"“{outline.course.title}” is here now."))
