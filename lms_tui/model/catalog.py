"""Which courses of a catalogue are asked for."""

from msgspec import Struct


class Filters(Struct, frozen=True, kw_only=True):
    """Which courses, how many (``limit``), and after which cursor. ``mine``: only those that the person takes."""

    difficulty: str | None = None
    category: str | None = None
    tag: str | None = None
    mine: bool = False
    limit: int = 50
    after: str | None = None


EVERYTHING = Filters()
