"""The one place where text that is not ours becomes text of the screen.

Titles, names and bodies come from authors, learners and databases. Textual reads square brackets in plain strings as markup, and a
terminal obeys control bytes: both are taken away here.
"""

from textual.content import Content

from lms_tui.model.text import clean, clean_line


def foreign(text: str) -> Content:
    """Foreign text as one line."""
    return Content(clean_line(text))


def foreign_lines(text: str) -> Content:
    """Foreign text with its line breaks."""
    return Content(clean(text))
