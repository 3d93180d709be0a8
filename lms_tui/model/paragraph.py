"""A paragraph's name and how to find it again after the text was edited."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Protocol

from lms_tui.model.text import canonical

MAX_QUOTE = 64

_ALIKE = 0.6  # difflib's own threshold for a close match
_LOOKED_AT = 400


class Placed(Protocol):
    """Where a reader was: the paragraph's id, a quote of its beginning, and the share of the text above it, 0 to 1."""

    @property
    def block(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def ratio(self) -> float: ...


def paragraph_ids(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """An id for each paragraph: 12 hexadecimal digits of the SHA-256 of its text, and its number among equals, from 1."""
    seen: Counter[str] = Counter()
    ids = []
    for text in paragraphs:
        digits = hashlib.sha256(canonical(text).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        seen[digits] += 1
        ids.append(f"{digits}-{seen[digits]}")
    return tuple(ids)


def quote(paragraph: str) -> str:
    """The first 64 characters of a paragraph's normalised text."""
    return canonical(paragraph)[:MAX_QUOTE]


def locate(place: Placed, paragraphs: Sequence[str]) -> int:
    """The index of the paragraph where the reader was: the one with that id, else the one most like the quote, else by ratio.

    Of paragraphs that are equally alike the nearest to the ratio is taken. Without any paragraph the index is 0.
    """
    ids = paragraph_ids(paragraphs) if place.block else ()
    if place.block in ids:
        return ids.index(place.block)
    guess = _by_ratio(place.ratio, paragraphs)
    found = _by_quote(canonical(place.quote), paragraphs, guess)
    return guess if found is None else found


def _by_ratio(share: float, paragraphs: Sequence[str]) -> int:
    above = list(accumulate((len(text) + 1 for text in paragraphs), initial=0))
    target = share * above[-1] + 0.5  # half a character against rounding
    return next((index for index in range(len(paragraphs) - 1, 0, -1) if above[index] <= target), 0)


def _by_quote(wanted: str, paragraphs: Sequence[str], guess: int) -> int | None:
    if not wanted:
        return None
    nearest = sorted(range(len(paragraphs)), key=lambda index: abs(index - guess))
    texts = {index: canonical(paragraphs[index]) for index in nearest}
    whole = next((index for index in nearest if wanted in texts[index]), None)
    if whole is not None:
        return whole
    best, best_likeness = None, _ALIKE
    matcher = SequenceMatcher(b=wanted, autojunk=False)  # it prepares its second text once
    for index in nearest[:_LOOKED_AT]:
        matcher.set_seq1(texts[index][:MAX_QUOTE])
        if matcher.quick_ratio() > best_likeness and (likeness := matcher.ratio()) > best_likeness:
            best, best_likeness = index, likeness
    return best
