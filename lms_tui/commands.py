"""What a person can do, screen by screen. Bindings, the key bar, the palette and the help screen are all made from these records."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from textual.binding import Binding

_KEY_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "left": "←",
    "right": "→",
    "comma": ",",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


class Command(Struct, frozen=True):
    """One thing to do.

    ``id`` names it in a key map; ``title`` in the palette; ``sentence`` explains it; ``keys`` are its default keys,
    parted by commas, the first being the one that is shown; ``action`` is done by the screen. ``hint`` is its word
    in the key bar; without one it is left out there.
    """

    id: str
    title: str
    sentence: str
    keys: str
    action: str
    hint: str = ""

    @property
    def key(self) -> str:
        """The first key, as people write it."""
        return key_name(self.keys.split(",")[0])

    @property
    def all_keys(self) -> str:
        """All keys, as people write them."""
        return keys_of(self.keys)


def keys_of(keys: str) -> str:
    """Keys as people write them, each once."""
    return " ".join(dict.fromkeys(key_name(key) for key in keys.split(",")))


def key_name(key: str) -> str:
    """A key as people write it: ``Ctrl+P``, ``↑``, ``?``."""
    *held, last = key.split("+") if len(key) > 1 else (key,)
    shown = last.upper() if held and len(last) == 1 else _KEY_NAMES.get(last, last)
    return "+".join([*(name.capitalize() for name in held), shown])


def bindings(commands: Iterable[Command]) -> "list[Binding]":
    """The commands as Textual's bindings."""
    from textual.binding import Binding

    return [
        Binding(command.keys, command.action, command.title, show=False, tooltip=command.sentence, id=command.id) for command in commands
    ]


SYNC_NOW = Command("sync", "Sync now", "Sends what is queued and fetches what is new.", "f5", "sync")

EVERYWHERE = (
    Command("back", "Back", "Goes back to the screen before.", "escape,q", "back", "back"),
    Command("go", "Go to…", "Asks where to, and shows the letter of each place.", "g", "go", "go"),
    Command("search", "Search", "Finds courses and sections by their words, here and in the database.", "/,f6", "search", "search"),
    Command("help", "Keys of this screen", "Lists what can be done here, and with which key.", "?,f1", "help", "keys"),
    Command("palette", "Commands", "Finds a command by typing part of its name.", "ctrl+p,:", "app.command_palette"),
    SYNC_NOW,
)

GO = (
    Command("go.home", "Home", "Shows where to go on, and your courses.", "h", "to('home')", "home"),
    Command("go.catalog", "Catalogue", "Shows all courses, to choose from.", "c", "to('catalog')", "catalogue"),
    Command("go.progress", "Progress", "Shows your minutes, scores and days of study.", "p", "to('progress')", "progress"),
    Command("go.sync", "Sync", "Shows what is queued, what needs you, and what is kept here.", "s", "to('sync')", "sync"),
)
"""Where ``go`` leads: a letter, and in ``screens/places.py`` the screen that is opened over home."""

HOME = (
    Command("home.open", "Go on", "Opens your place in the course on the card.", "enter", "open", "go on"),
    Command("home.outline", "Outline", "Shows the lessons and sections of the selected course.", "o", "outline", "outline"),
    Command("home.course", "Outline", "Shows the lessons and sections of the selected course.", "enter,o", "open_course", "outline"),
    Command("home.catalog", "Catalogue", "Shows all courses, to choose from.", "c", "catalog", "catalogue"),
    Command("home.progress", "Progress", "Shows your minutes, scores and days of study.", "p", "progress", "progress"),
    Command("home.quit", "Quit", "Leaves. What you did is saved.", "q", "leave_app", "quit"),
    Command("home.courses", "Courses", "Goes from the card to the courses below it.", "down,j", "to_courses"),
    Command("home.card", "Back to the card", "Goes from the courses to the card above them.", "escape", "back"),
)

OUTLINE = (
    Command("outline.open", "Open", "Opens the selected section; of a lesson, its first unfinished one.", "enter", "open", "open"),
    Command("outline.next", "Go on", "Opens the first unfinished section of this course.", "n", "next_up", "go on"),
    Command("outline.enrol", "Take the course", "Takes this course, so that what you do in it counts.", "e", "enrol", "take it"),
    Command("outline.done", "Mark as done", "Records that you finished the selected section.", ".", "done", "done"),
)

READING = (
    Command("reading.done", "Mark as done", "Records that you finished this section.", ".", "done", "done"),
    Command("reading.enrol", "Take the course", "Takes this course, so that what you do in it counts.", "e", "enrol", "take it"),
    Command("reading.next", "Next section", "Opens the section after this one.", "]", "next_section", "next"),
    Command("reading.previous", "Previous section", "Opens the section before this one.", "[", "previous_section"),
    Command("reading.outline", "Outline", "Shows the lessons and sections of this course.", "o", "outline", "outline"),
    Command("reading.find", "Find in this section", "Finds text here, and goes from match to match.", "/", "find", "find"),
    Command("reading.search", "Search", "Finds courses and sections by their words, here and in the database.", "f6", "search"),
    Command("reading.next_lesson", "Next lesson", "Opens the lesson after this one.", "}", "next_lesson"),
    Command("reading.previous_lesson", "Previous lesson", "Opens the lesson before this one.", "{", "previous_lesson"),
)

NEIGHBOURS = (
    Command("question.next", "Next question", "Goes to the next question, from an assessment's last one to the review.", "],f8", "step(1)"),
    Command("question.previous", "Previous question", "Goes to the question before.", "[,f7", "step(-1)"),
)
"""From question to question, in practice and in an assessment."""

PRACTICE = (
    Command("practice.enrol", "Take the course", "Takes this course, so that your answers count.", "e,f10", "enrol", "take it"),
    Command("practice.check", "Check the answer", "Checks it and says why.", "enter,f4", "check", "check"),
    Command("practice.open", "Open the question", "Asks the selected question once more.", "enter", "open_question", "open"),
    Command("practice.on", "Go on", "Goes to the next question, from the last one to the summary.", "enter,f4", "proceed", "go on"),
    Command("practice.retry", "Try again", "Answers this question once more; the best answer counts.", "r", "retry", "try again"),
    Command("practice.tell", "Show the answer", "Shows a right answer and the author's explanation.", "w", "tell_why", "show answer"),
    Command("practice.rest", "Answer the rest", "Asks the questions that have no answer yet.", "r", "rest", "answer the rest"),
    Command("practice.again", "Start again", "Asks everything anew; the best answers count.", "a", "again", "again"),
    Command("practice.hint", "Hint", "Shows the next hint.", "h,f2", "hint", "hint"),
    Command("practice.skip", "Skip", "Leaves this question for later.", "s,f3", "skip", "skip"),
    Command("practice.editor", "Use your editor", "Opens a long answer in your EDITOR.", "e,f9", "edit", "editor"),
    Command("practice.outline", "Outline", "Shows the lessons and sections of this course.", "o", "outline"),
    Command("practice.leave", "Leave", "Goes back; what you wrote is kept as a draft.", "escape", "back", "leave"),
)

ASSESSMENT = (
    Command("assessment.enrol", "Take the course", "Takes this course, so that an attempt can count.", "e", "enrol", "take it"),
    Command("assessment.start", "Start", "Begins an attempt.", "enter", "start", "start"),
    Command("assessment.resume", "Go on", "Goes on with the attempt under way, with what was answered.", "enter", "resume", "go on"),
    Command("assessment.keep", "Keep the answer", "Keeps it and goes to the next question; nothing is sent.", "enter,f4", "check", "keep"),
    Command("assessment.send", "Send all answers", "Sends them as one attempt; the database grades it.", "enter", "send", "send"),
    Command("assessment.on", "Go on", "Goes to the next section, after the last one to the outline.", "enter", "proceed", "go on"),
    Command("assessment.card", "All attempts", "Shows the entry card, with every attempt so far.", "a", "card", "all attempts"),
    Command("assessment.rest", "Answer the rest", "Asks the questions that have no answer yet.", "r", "rest", "answer the rest"),
    Command("assessment.hint", "Hint", "Shows the next hint.", "h,f2", "hint", "hint"),
    Command("assessment.skip", "Skip", "Leaves this question for later.", "s,f3", "skip", "skip"),
    Command("assessment.review", "Review", "Shows what is answered and what is open, before it is sent.", "v,f10", "review", "review"),
    Command("assessment.editor", "Use your editor", "Opens a long answer in your EDITOR.", "e,f9", "edit", "editor"),
    Command("assessment.outline", "Outline", "Shows the lessons and sections of this course.", "o", "outline"),
    Command("assessment.not_yet", "Not yet", "Sends nothing, and shows the review as it was.", "escape,q", "not_yet", "not yet"),
    Command("assessment.leave", "Leave", "Goes back; what you wrote is kept.", "escape", "back", "leave"),
)

CATALOG = (
    Command("catalog.open", "Outline", "Shows what is in the selected course, fetching it first where needed.", "enter", "open", "outline"),
    Command("catalog.enrol", "Take the course", "Takes the selected course, so that it is one of yours.", "e", "enrol", "take it"),
    Command("catalog.undo", "Undo", "Leaves the course that you took a moment ago.", "u", "undo", "undo"),
    Command("catalog.filter", "Filter", "Chooses courses by difficulty, category or tag.", "f", "filter", "filter"),
    Command("catalog.mine", "Yours only", "Shows only your courses, or all again.", "m", "mine", "yours"),
    Command("catalog.sort", "Sort", "Changes the order: yours first, newest first, A to Z.", "s", "sort", "sort"),
    Command("catalog.clear", "Clear the filters", "Shows all courses again.", "x", "clear", "clear"),
    Command("catalog.download", "Download", "Brings the selected course onto this machine.", "D", "download", "download"),
)

STUDY = (Command("study.open", "Outline", "Shows the lessons and sections of the selected course.", "enter", "open", "outline"),)

SYNC = (
    Command("sync.story", "Tell more", "Tells the whole story of the selected line.", "enter", "story", "more"),
    Command("sync.outline", "Outline", "Shows the lessons and sections of the selected course.", "enter,o", "outline", "outline"),
    Command("sync.download", "Download", "Fetches the selected course, or what is newer in it.", "D", "download", "download"),
    Command("sync.remove", "Remove", "Removes the selected course from this machine; what you did stays.", "X", "remove", "remove"),
    Command("sync.retry", "Send again", "Sends all that was refused again; nothing is counted twice.", "r", "retry", "send again"),
    Command("sync.export", "Export", "Writes all that was refused into a file.", "x", "export", "export"),
    Command("sync.refresh", "Refresh all", "Asks for what is newer in every course here.", "R", "refresh_all", "refresh all"),
)

SEARCH = (
    Command("search.open", "Open", "Opens the section at the passage that matched, or the course's outline.", "enter", "open", "open"),
    Command("search.widen", "This course or everything", "Searches this course alone, or everything.", "tab", "widen"),
    Command("search.finished", "Finished sections", "Looks in finished sections, too, or leaves them out.", "f2", "finished"),
    Command("search.level", "Level", "Only courses of a level: the next one, or any.", "f3", "level"),
    Command("search.category", "Category", "Only courses of a category: the next one, or any.", "f4", "category"),
    Command("search.up", "Up", "Goes to the match above.", "up", "cursor(-1)"),
    Command("search.down", "Down", "Goes to the match below.", "down", "cursor(1)"),
    Command("search.page_up", "Page up", "Goes up by what is in sight.", "pageup", "page(-1)"),
    Command("search.page_down", "Page down", "Goes down by what is in sight.", "pagedown", "page(1)"),
    Command("search.field", "Search field", "Goes to the field.", "f6", "search"),
    Command("search.back", "Back", "Goes back to the screen before.", "escape", "back", "back"),
)

FIND = (Command("find.widen", "Search the course", "Looks for the text in the whole course.", "tab", "widen"),)
"""What can be done while a text to find is typed."""

ROWS = (
    Command("rows.up", "Up", "Goes to the row above.", "up,k", "cursor(-1)"),
    Command("rows.down", "Down", "Goes to the row below.", "down,j", "cursor(1)"),
    Command("rows.page_up", "Page up", "Goes up by what is in sight.", "pageup", "page(-1)"),
    Command("rows.page_down", "Page down", "Goes down by what is in sight.", "pagedown", "page(1)"),
    Command("rows.first", "First", "Goes to the first row.", "home", "cursor_to(0)"),
    Command("rows.last", "Last", "Goes to the last row.", "end", "cursor_to(-1)"),
)

READER = (
    Command("reader.line_down", "Down", "Moves the text by a line.", "j,down", "scroll_line_down"),
    Command("reader.line_up", "Up", "Moves the text back by a line.", "k,up", "scroll_line_up"),
    Command("reader.page_down", "Page down", "Moves the text by a page.", "space,pagedown", "page_down"),
    Command("reader.page_up", "Page up", "Moves the text back by a page.", "b,pageup", "page_up"),
    Command("reader.top", "Top", "Goes to the first line.", "home", "top"),
    Command("reader.end", "End", "Goes to the last line.", "end", "end"),
    Command("reader.next_stop", "Next link, code or box", "Goes to what Enter opens next.", "tab", "next_stop"),
    Command("reader.previous_stop", "Previous stop", "Goes to what Enter opened before.", "shift+tab", "previous_stop"),
    Command("reader.open_stop", "Open", "Follows the link, copies the code, opens the box or the question.", "enter", "open_stop"),
    Command("reader.copy_code", "Copy code", "Copies the selected code, else the first in sight.", "y", "copy_code"),
    Command("reader.find_next", "Next match", "Goes to the next match of what is looked for.", "n", "find_next"),
    Command("reader.find_previous", "Previous match", "Goes to the match before.", "N", "find_previous"),
)

CHOICES = (
    Command("choices.up", "Up", "Goes to the option above.", "up,k", "move(-1)"),
    Command("choices.down", "Down", "Goes to the option below.", "down,j", "move(1)"),
    Command("choices.choose", "Choose", "Chooses the option under the cursor; its number does so, too.", "space", "choose_here"),
)

SUMMARY = (
    Command("summary.up", "Up", "Goes to the question above.", "up,k", "pick(-1)"),
    Command("summary.down", "Down", "Goes to the question below, which Enter opens.", "down,j", "pick(1)"),
)

SCREENS: dict[str, tuple[Command, ...]] = {
    "home": (*HOME, *ROWS),
    "catalog": (*CATALOG, *ROWS),
    "outline": (*OUTLINE, *ROWS),
    "reading": (*READING, *READER, *FIND),
    "practice": (*PRACTICE, *NEIGHBOURS, *CHOICES),
    "summary": (*PRACTICE, *NEIGHBOURS, *SUMMARY),
    "assessment": (*ASSESSMENT, *NEIGHBOURS, *CHOICES),
    "progress": (*STUDY, *ROWS),
    "search": SEARCH,
    "sync": (*SYNC, *ROWS),
}
"""What can be done on each screen, with the part of it that has the cursor; besides ``EVERYWHERE``. A key means one thing on a screen."""
