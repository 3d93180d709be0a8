"""What of a page is searched: the words that a reader sees; and what is shown of it, with the matches marked."""

import re

from lms_tui.model.course import Section, SectionType

OPEN, CLOSE = "\ue000", "\ue001"  # of the private use area; taken out of what is searched, so that no content can forge a mark
MAX_CHARACTERS = 100_000  # of a page; what comes after is not searched

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is a match."""

# Markup that a reader does not see. The database has the same list, in migrations/sql/0011_search.sql.
_MARKUP = (
    # What a box hides until it is opened: an answer is not given away by a search. A box inside it ends this.
    (re.compile(r"(?m)^[ \t]*:{3,}[ \t]*\{?\.?(solution|answer|explanation|hint|instructor)(?![A-Za-z0-9_]).*(\n(?![ \t]*:::).*)*"), " "),
    (re.compile(r"(?m)^[ \t]*(:::|```|~~~).*$"), " "),  # the fences of boxes and code
    (re.compile(r"<!--.{0,1000}?-->", re.DOTALL), " "),
    (re.compile(r"</?[A-Za-z][^<>]{0,500}>"), " "),
    (re.compile(r"\]\([^() \t\r\n\f\v]{0,2000}( \"[^\"]{0,500}\")?\)(\{[^{}]{0,500}\})?"), ""),  # where a link leads
    (re.compile(r"(?m)^[ \t]*(?:\|[ \t]*)?:?--[-:| \t]*$"), " "),  # the line below a table's head
    (re.compile(r"(?m)^([ \t]*(#{1,6}|>|[-*+]|[0-9]{1,3}[.)])[ \t]+)+"), " "),
    (re.compile(r"\[\[[0-9]{1,3}\]\]"), "…"),  # the gap of a question
    (re.compile(r"\*\*|__|~~|!?\[|\]|[`|]"), ""),
    (re.compile(r"[ \t\r\n\f\v]+"), " "),
)


def shown(markdown: str) -> str:
    """A text's words, without the markup that is cheap to find, and without our marks."""
    text = markdown.replace(OPEN, "").replace(CLOSE, "")[:MAX_CHARACTERS]
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text.strip(" ")


def of_section(section: Section) -> str:
    """What is searched of a section: its text, its transcript, and what is asked in it. Never an option, a hint, or a key;
    and of an ASSESSMENT not the questions either, which are not shown before it is begun."""
    parts = [section.body, section.video.transcript if section.video else ""]
    if section.type is not SectionType.ASSESSMENT:
        parts += [f"{question.title} {question.prompt}" for question in section.questions]
    return shown("\n\n".join(part for part in parts if part.strip()))


def marked(text: str) -> Marked:
    """A text with marks in it, as pieces."""
    pieces: list[tuple[str, bool]] = []
    for number, part in enumerate(re.split(f"[{OPEN}{CLOSE}]", text)):
        if part:
            pieces.append((part, number % 2 == 1))
    return tuple(pieces)
