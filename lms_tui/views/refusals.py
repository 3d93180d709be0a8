"""Why the database did not take an event, in words for people: what happened, and what can be done. A new code gets its words here."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """``short`` for a list; ``happened`` and ``next_step`` are sentences."""

    short: str
    happened: str
    next_step: str


_SEND_OR_EXPORT = "Send it again later, or export it and give the file to whoever looks after the database."

REJECTED = {
    "not_enrolled": Refusal(
        "not enrolled",
        "You were not enrolled in the course when this was done, so the database did not count it.",
        "Enrol in the course again, then send this again: it counts once.",
    ),
    "unknown_item": Refusal(
        "not in the course",
        "The database has no such course or section any more, or you may not see it.",
        "Send it again when the course is back; what you did in other sections is counted.",
    ),
    "bad_event": Refusal(
        "not understood",
        "The database could not read this, although it arrived.",
        _SEND_OR_EXPORT,
    ),
    "bad_time": Refusal(
        "no readable time",
        "The database could not read when this was done.",
        _SEND_OR_EXPORT,
    ),
    "bad_duration": Refusal(
        "too long at once",
        "This says that more than five minutes went by in one piece, which the database does not count.",
        "Nothing else is affected. Export it where the minutes matter.",
    ),
    "not_by_hand": Refusal(
        "finished by answering",
        "A quiz or an assessment is finished by answering it, and this marks it as done by hand.",
        "Answer its questions; this is kept as it is.",
    ),
    "not_started": Refusal(
        "attempt not begun",
        "The database does not know the attempt that these answers belong to.",
        "Send all that was refused again: the beginning of the attempt may be among it.",
    ),
    "too_large": Refusal(
        "too large",
        "This is longer than the database takes in one piece.",
        "Export it so that you have the text, then answer in fewer words.",
    ),
    "id_collision": Refusal(
        "number used twice",
        "The database has something else under the number of this, so it counted that and not this.",
        "Export it and give the file to whoever looks after the database.",
    ),
    "server_error": Refusal(
        "database failed on it",
        "The database failed on this alone, so it was set aside and the rest was sent.",
        _SEND_OR_EXPORT,
    ),
}

DEFERRED = {
    "unknown_kind": Refusal(
        "database too old",
        "The database is older than this program and does not know this kind yet.",
        "It is sent again by itself until the database knows it.",
    ),
    "unknown_format": Refusal(
        "database too old",
        "The database is older than this program and cannot read this yet.",
        "It is sent again by itself until the database can.",
    ),
    "newer_content": Refusal(
        "newer course text",
        "This was done in a newer text of the course than the database has now.",
        "It is sent again by itself until the database has that text.",
    ),
    "not_started": Refusal(
        "beginning still waits",
        "The beginning of the attempt that these answers belong to is not sent yet.",
        "They are sent again by themselves after it.",
    ),
}

_OTHER = Refusal("refused", "The database did not count this, for a reason that this program does not know.", _SEND_OR_EXPORT)
_PUT_OFF = Refusal("put off", "The database takes this later, for a reason that this program does not know.", "It is sent again by itself.")

SAFE = "It is kept on this machine, as it was recorded."


def rejection(code: str) -> Refusal:
    """The words for a code of ``rejected``, or of an event that was set aside here."""
    return REJECTED.get(code, _OTHER)


def deferral(code: str) -> Refusal:
    """The words for a code of ``deferred``."""
    return DEFERRED.get(code, _PUT_OFF)
