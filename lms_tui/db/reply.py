"""What a database answered, as what this version knows: whoever wrote an invitation may have put anything behind it."""

from typing import TypeVar

import msgspec

from lms_tui.model.errors import LmsError

T = TypeVar("T")


def read(raw: bytes, kind: type[T]) -> T:
    """The JSON of a statement. Raises ``LmsError`` where it is something else than was asked for."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.MsgspecError:
        raise LmsError(
            "The database answered what this version of lms-tui cannot make sense of.",
            "Update lms-tui, or ask who looks after the database.",
        ) from None
