"""Foreign text made safe to show, and text reduced to what a comparison may depend on."""

import re
import unicodedata
from functools import cache
from itertools import chain

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC with their payload
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
# C0 and C1 controls but tab and newline; marks that reorder text; tags, invisible separators and lone surrogates.
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"[\t\n\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")

MOST_MARKS = 8  # combining marks, joiners and the like on one letter; no language writes so many

# Runs in which too many marks may stand: coarse, but without the letters of most languages, so that little is looked at twice.
_PERHAPS_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u1fff\u200b-\u200f\u2028-\u206f\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f"
    r"\u3099\u309a\ua66f-\uabff\ud7b0-\ud7fb\ufb1e\ufe00-\ufe2f\ufeff\ufff9-\ufffb\U00010000-\U0001ffff\U000e0100-\U000e01ef]"
    rf"{{{MOST_MARKS + 1},}}"
)


def clean(text: str) -> str:
    """Foreign text without escape sequences, control bytes and reordering marks; line ends become ``\\n``.

    Of the marks that are piled up on one letter (combining, joining, without a width of their own) the first 8 stay: to measure a
    longer pile takes time with the square of its length.
    """
    text = _UNSHOWABLE.sub("", _LINE_END.sub("\n", _ESCAPE_SEQUENCE.sub("", text)))
    return text if text.isascii() else _PERHAPS_MARKS.sub(lambda run: _piles().sub(r"\1", run[0]), text)


@cache
def _piles() -> re.Pattern[str]:
    """More marks in a row than one letter bears. Made only for a text that may have them, because it asks for every character."""
    every = map(chr, chain(range(0x300, 0x20000), range(0xE0100, 0xE01F0)))
    marks = [letter for letter in every if unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf")]
    mark = f"[{''.join(marks)}\u1160-\u11ff\ud7b0-\ud7fb]"  # and the later letters of a Hangul syllable
    return re.compile(f"({mark}{{{MOST_MARKS}}}){mark}+")


def clean_line(text: str) -> str:
    """Foreign text as one line: cleaned, and each run of blanks is one space."""
    return one_spaced(clean(text))


def one_spaced(text: str) -> str:
    """Text with each run of blanks as one space and none at the ends.

    The blanks are listed rather than left to the language, because the database's twin must agree on them.
    """
    return _BLANKS.sub(" ", text).strip(" ")


def canonical(text: str) -> str:
    """Text in Unicode's composed form (NFC), with single spaces: what two texts are compared by."""
    return one_spaced(unicodedata.normalize("NFC", text))
