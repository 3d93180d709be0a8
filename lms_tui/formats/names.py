"""Names that are made when the author gives none."""

import re
from collections import Counter
from collections.abc import Sequence

from lms_tui.formats.markdown import plain

_NUMBER_PREFIX = re.compile(r"^[0-9]+[-_. ]+(?=.)")


def without_number(name: str) -> str:
    """A file's or folder's name without the number that orders it: ``01-shell-basics`` is ``shell-basics``."""
    return _NUMBER_PREFIX.sub("", name)


def spoken(name: str) -> str:
    """A file's or folder's name as a title: ``01-shell-basics`` is ``Shell basics``."""
    words = plain(re.sub(r"[-_]+", " ", without_number(name)))
    return words[:1].upper() + words[1:]


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, with ``-2``, ``-3``, … at those that stood before. A name that stands once is never given to another."""
    taken, unique = set(names), []
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        mine = name
        while seen[name] > 1 and mine in taken:
            mine = f"{name}-{seen[name]}"
            seen[name] += mine in taken
        taken.add(mine)
        unique.append(mine)
    return unique
