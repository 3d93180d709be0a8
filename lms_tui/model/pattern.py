"""Patterns for text answers: a small subset of regular expressions with one meaning in Python and in PostgreSQL.

Literals; ``.``; ``\\`` before punctuation; ``\\d``; ``[...]`` with ranges and ``^``; groups; ``|``; ``?``, ``*``, ``+``, ``{m,n}``.
A pattern always stands for the whole answer, so that a leading ``^`` and a trailing ``$`` say nothing and are dropped. There is no
look-around, back-reference, word boundary or flag. Matching takes time in proportion to the answer, whatever the pattern: it
follows all ways at once (Glushkov's automaton) where a backtracking engine tries them one after the other.
"""

import string
import unicodedata
from functools import lru_cache

from msgspec import Struct

MAX_LENGTH = 200
MAX_REPEAT = 100
MAX_DEPTH = 20
MAX_PLACES = 1000

_SPECIAL = frozenset("\\.^$*+?()[]{}|")
_SPECIAL_IN_SET = _SPECIAL | frozenset("-&~")
_RANGES = ("09", "az", "AZ", "αω", "ΑΩ", "ая", "АЯ")  # within these, folding case keeps a range a range


class _Set(Struct, frozen=True):
    """One character of a set, given as ranges; ``negated``: any but those."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def has(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges) != self.negated

    def text(self) -> str:
        if not self.ranges:
            return "."
        if not self.negated and len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]:
            return _escaped(self.ranges[0][0], _SPECIAL)
        parts = (_escaped(low, _SPECIAL_IN_SET) if low == high else f"{low}-{high}" for low, high in self.ranges)
        return f"[{'^' if self.negated else ''}{''.join(parts)}]"


class _Choice(Struct, frozen=True):
    """One of several sequences: a group, or the whole pattern."""

    branches: tuple[tuple["_Node", ...], ...]

    def text(self) -> str:
        return "|".join(
            "".join(f"(?:{node.text()})" if isinstance(node, _Choice) else node.text() for node in branch) for branch in self.branches
        )


class _Repeat(Struct, frozen=True):
    """``node`` at least ``least`` and at most ``most`` times (None: without end)."""

    node: "_Set | _Choice"
    least: int
    most: int | None

    def text(self) -> str:
        inner = f"(?:{self.node.text()})" if isinstance(self.node, _Choice) else self.node.text()
        short = {(0, 1): "?", (0, None): "*", (1, None): "+"}.get((self.least, self.most))
        if short:
            return inner + short
        return inner + (f"{{{self.least}}}" if self.least == self.most else f"{{{self.least},{'' if self.most is None else self.most}}}")


_Node = _Set | _Choice | _Repeat


def check(pattern: str) -> None:
    """Raises ValueError, with a reason for the author, when the pattern is not in the subset."""
    _compiled(pattern)


def normalise(pattern: str) -> str:
    """The pattern as both engines read it: composed (NFC), specials escaped, no capturing groups, no anchors. Raises ValueError."""
    check(pattern)
    return _Parser(pattern).parse().text()


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern stands for the whole text. Raises ValueError."""
    return _compiled(pattern).matches(text)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "_Automaton":
    return _Automaton(_Parser(pattern).parse())


def _escaped(character: str, special: frozenset[str]) -> str:
    return "\\" + character if character in special else character


class _Parser:
    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAX_LENGTH:
            raise ValueError(f"it is longer than {MAX_LENGTH} characters")
        if any(unicodedata.category(character)[0] == "C" for character in pattern):
            raise ValueError("it holds a character that cannot be seen")
        text = unicodedata.normalize("NFC", pattern).removeprefix("^")
        bare = text.removesuffix("$")
        escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
        self._text = text if escaped else bare
        self._at = 0
        self._depth = 0

    def parse(self) -> _Choice:
        whole = self._choice()
        if self._at < len(self._text):
            raise ValueError("a ')' closes nothing")
        return whole

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise ValueError("it ends too early")
        self._at += 1
        return character

    def _choice(self) -> _Choice:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        return _Choice(tuple(branches))

    def _sequence(self) -> tuple[_Node, ...]:
        nodes: list[_Node] = []
        while self._peek() not in ("", "|", ")"):
            nodes.append(self._repeated(self._atom()))
        if not nodes:
            raise ValueError("it is empty, or one of its alternatives is")
        return tuple(nodes)

    def _atom(self) -> "_Set | _Choice":
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return self._set()
        if character == ".":
            return _Set((), negated=True)
        if character == "\\":
            return _Set((self._escape(),))
        if character in "*+?":
            raise ValueError(f"'{character}' repeats nothing that can be repeated")
        if character in _SPECIAL:
            raise ValueError(f"'{character}' has no meaning there; write '\\{character}' for the character")
        return _Set(((character, character),))

    def _escape(self) -> tuple[str, str]:
        character = self._take()
        if character == "d":
            return "0", "9"
        if character not in string.punctuation:
            raise ValueError(f"'\\{character}' is not one of the signs that patterns here may use")
        return character, character

    def _group(self) -> _Choice:
        if self._text.startswith("?:", self._at):
            self._at += 2
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"its groups are nested more than {MAX_DEPTH} deep")
        if self._peek() == "?":
            raise ValueError("groups that begin with '(?' are not among the signs that patterns here may use")
        group = self._choice()
        if self._peek() != ")":
            raise ValueError("a '(' is never closed")
        self._take()
        self._depth -= 1
        return group

    def _set(self) -> _Set:
        negated = self._peek() == "^"
        if negated:
            self._take()
        ranges: list[tuple[str, str]] = []
        while (character := self._take()) != "]":
            low, high = self._escape() if character == "\\" else (character, character)
            if character == "[" and self._peek() in (":", ".", "="):
                raise ValueError("named sets such as '[:alpha:]' are not among the signs that patterns here may use")
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("", "]"):
                self._take()
                high = self._take()
                if not any(block[0] <= low <= high <= block[1] for block in _RANGES) or low == "\\":
                    raise ValueError(f"the range '{low}-{high}' is not within digits or the letters of one case")
            ranges.append((low, high))
        if not ranges:
            raise ValueError("a set '[]' is empty")
        return _Set(tuple(ranges), negated)

    def _repeated(self, node: "_Set | _Choice") -> _Node:
        sign = self._peek()
        if sign not in ("?", "*", "+", "{"):
            return node
        self._take()
        least, most = self._bounds() if sign == "{" else {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        if self._peek() in ("?", "*", "+", "{"):
            raise ValueError(f"'{self._peek()}' repeats nothing that can be repeated")
        if most != 1 and _repeats(node):
            raise ValueError("a group that repeats something may not itself be repeated")
        return _Repeat(node, least, most)

    def _bounds(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        first, comma, second = self._text[self._at : max(end, self._at)].partition(",")
        if end < 0 or not _short_number(first) or not (_short_number(second) or not second):
            raise ValueError("'{' needs numbers, as in {2} or {1,3}; write '\\{' for the character")
        self._at = end + 1
        least = int(first)
        most = (int(second) if second else None) if comma else least
        if max(least, most or 0) > MAX_REPEAT or (most is not None and not 1 <= most >= least):
            raise ValueError(f"a repetition must go from a smaller to a larger number, at most {MAX_REPEAT}")
        return least, most


def _short_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _repeats(node: _Node) -> bool:
    return isinstance(node, _Repeat) or (isinstance(node, _Choice) and any(_repeats(inner) for branch in node.branches for inner in branch))


class _Part(Struct, frozen=True):
    """What the automaton needs of a part: whether it may be empty, and its first and last places as bit masks."""

    empty: bool
    first: int = 0
    last: int = 0


class _Automaton:
    """Glushkov's automaton: a place for each set in the pattern, the places that may follow each, all as bits of integers."""

    def __init__(self, pattern: _Choice) -> None:
        self._sets: list[_Set] = []
        self._follow: list[int] = []
        self._whole = self._part(pattern)
        self._with: dict[str, int] = {}

    def matches(self, text: str) -> bool:
        reached, following = 0, self._whole.first
        known: dict[int, int] = {}
        for character in text:
            reached = following & self._places(character)
            if not reached:
                return False
            if reached not in known:
                known[reached] = self._after(reached)
            following = known[reached]
        return bool(reached & self._whole.last) if text else self._whole.empty

    def _places(self, character: str) -> int:
        if character not in self._with:
            if len(self._with) > 1000:
                self._with.clear()
            self._with[character] = sum(1 << place for place, accepted in enumerate(self._sets) if accepted.has(character))
        return self._with[character]

    def _after(self, places: int) -> int:
        following = 0
        while places:
            lowest = places & -places
            following |= self._follow[lowest.bit_length() - 1]
            places ^= lowest
        return following

    def _join(self, last: int, first: int) -> None:
        while last:
            lowest = last & -last
            self._follow[lowest.bit_length() - 1] |= first
            last ^= lowest

    def _part(self, node: _Node) -> _Part:
        if isinstance(node, _Set):
            place = len(self._sets)
            if place == MAX_PLACES:
                raise ValueError("its repetitions make it too large")
            self._sets.append(node)
            self._follow.append(0)
            return _Part(False, 1 << place, 1 << place)
        if isinstance(node, _Choice):
            whole = _Part(False)
            for branch in node.branches:
                part = self._sequence([self._part(inner) for inner in branch])
                whole = _Part(whole.empty or part.empty, whole.first | part.first, whole.last | part.last)
            return whole
        return self._repeated(node)

    def _repeated(self, node: _Repeat) -> _Part:
        times = max(node.least, 1) if node.most is None else node.most
        parts = [self._part(node.node) for _ in range(times)]
        if node.most is None:
            self._join(parts[-1].last, parts[-1].first)
        return self._sequence([_Part(part.empty or number >= node.least, part.first, part.last) for number, part in enumerate(parts)])

    def _sequence(self, parts: list[_Part]) -> _Part:
        whole = _Part(True)
        for part in parts:
            self._join(whole.last, part.first)
            whole = _Part(
                whole.empty and part.empty,
                whole.first | (part.first if whole.empty else 0),
                part.last | (whole.last if part.empty else 0),
            )
        return whole
