"""What somebody types to search by, as words. Both legs, the cache's and the database's, are asked with these and nothing else.

A word is letters, digits and the marks on them, so that no sign of a search language ever leaves this module unquoted: ``-v``,
``.gitignore`` and ``Arc<Mutex<T>>`` are words like others. Their capitals are folded; the accents stay, each leg folds its own.
"""

import unicodedata

from msgspec import Struct

MAX_CHARACTERS = 200
MAX_WORDS = 16
_KEPT_WHOLE = 3  # in so few words every one counts: “is not null”
_SHORTEST_PREFIX = 2

_STOP_WORDS = """
a about all also am an and any are as at be been but by can could did do does doing for from get had has have how i if in into is it its
me my no not of on or our out should so some than that the their them then there these they this those to too us was we were what when
where which who why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


class Query(Struct, frozen=True):
    """Words to look for, any of them; ``prefix``: the last one may be the beginning of a word. No words: nothing was asked.

    ``common``: words besides, which nothing is found by, but what has them as well comes before what has not.
    """

    words: tuple[str, ...] = ()
    prefix: bool = False
    common: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)


def parse(text: str, *, typing: bool = False) -> Query:
    """The words of a text, each once, in order. While it is being typed the last one may go on."""
    found = words_of(text[:MAX_CHARACTERS])
    if not found:
        return Query()
    last = found[-1]
    words = list(dict.fromkeys(found))
    if len(words) > _KEPT_WHOLE:
        words = [word for word in words if word not in STOP_WORDS] or words
    words = words[:MAX_WORDS]
    goes_on = typing and len(last) >= _SHORTEST_PREFIX and _is_of_a_word(text[:MAX_CHARACTERS][-1]) and last in words
    if goes_on:  # the word that goes on is the last one, whether or not it stood there before
        words = [word for word in words if word != last] + [last]
    telling = [word for word in words if word not in STOP_WORDS or (goes_on and word == last)] or words
    return Query(tuple(telling), goes_on, tuple(word for word in words if word not in telling))


def words_of(text: str) -> list[str]:
    """The words of a text in any script, with their capitals folded."""
    return "".join(character if _is_of_a_word(character) else " " for character in text.casefold()).split()


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
