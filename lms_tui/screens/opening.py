"""How screens follow one another. A screen is imported when it is opened first.

The stack stays shallow: home, then an outline or progress, then one section, then perhaps one question out of it.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.message import Message

from lms_tui.model.course import SectionType
from lms_tui.model.errors import LmsError, NotFound
from lms_tui.screens.base import CourseFetched, Said
from lms_tui.views.nodes import Place
from lms_tui.views.searching import Result

if TYPE_CHECKING:
    from lms_tui.screens.base import LibraryScreen

_QUOTED_BESIDE = 12  # characters beside a match that tell its place in a page

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
        away = screen.library.status().state == "offline"
        screen.say(f"{error.message} {error.hint}" if away else "It is being fetched.", "warning" if away else "information")
        fetch_and_open(screen, course)
        return
    if instead:
        screen.app.switch_screen(opened)
    else:
        screen.app.push_screen(opened)


class Fetched(Message):
    """The course of something that was found is on this machine now."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def open_found(screen: "LibraryScreen", result: Result, *, fetched: bool = False) -> None:
    """Opens what a search found: a course's outline, or a section at the passage. What is not on this machine is fetched first."""
    if not screen.is_active:
        return
    if result.kind == "course" and result.available_offline:
        open_outline(screen, result.ref)
        return
    try:
        opened = _at_passage(screen, result)
    except LmsError as error:
        if isinstance(error, NotFound) and not fetched:
            screen.say(f"“{result.course.title}” is being fetched.")
            screen.want(result.id)
            screen.work(_fetch_found(screen, result))
        else:
            screen.say(f"{error.message} {error.hint}", "warning")
    else:
        screen.app.push_screen(opened)


def _at_passage(screen: "LibraryScreen", result: Result) -> "LibraryScreen":
    if result.kind == "course":
        from lms_tui.screens.outline import OutlineScreen

        return OutlineScreen(screen.library, result.ref)
    from lms_tui.screens.reading import ReadingScreen

    opened = section_screen(screen, result.id)
    match = next((number for number, (_, is_match) in enumerate(result.snippet) if is_match), None)
    if match is None or not isinstance(opened, ReadingScreen):
        return opened
    words = result.snippet[match][0]
    after = "".join(text for text, _ in result.snippet[match + 1 :])
    quote = (words + after)[: len(words) + _QUOTED_BESIDE]
    return ReadingScreen(screen.library, replace(opened.page, place=Place()), find=words, passage=quote)


async def _fetch_found(screen: "LibraryScreen", result: Result) -> None:
    await screen.library.refresh_course(result.course.ref)
    _hand_over(screen, Fetched(result), result.title)


def fetch_and_open(screen: "LibraryScreen", course: str) -> None:
    """Brings a course that is only listed onto this machine; its outline is opened then, where that is still wanted."""
    screen.want(course)
    screen.work(_fetch(screen, course))


async def _fetch(screen: "LibraryScreen", course: str) -> None:
    outline = await screen.library.refresh_course(course)
    _hand_over(screen, CourseFetched(course, outline.course.title), outline.course.title)


def _hand_over(screen: "LibraryScreen", message: Message, title: str) -> None:
    """What was fetched goes to the screen that wanted it; where that was left, it is only told."""
    if not screen.post_message(message):
        screen.app.post_message(Said(f"“{title}” is on this machine now."))
