"""Events made fit to be kept and sent: what PostgreSQL's jsonb would refuse never enters the outbox."""

import re
from typing import Any
from uuid import UUID

import msgspec

from lms_tui.model.errors import BadInput
from lms_tui.model.events import MAX_SECONDS_AN_EVENT, Event, EventKind

MAX_BODY_BYTES = 65536
MAX_DEPTH = 100
_SURROGATE = re.compile("[\ud800-\udfff]")
_IDS = msgspec.json.Decoder(dict[str, Any])


def body_of(event: Event) -> str:
    """The event's body as JSON. NUL is dropped and a lone surrogate becomes U+FFFD, because jsonb refuses both.

    Raises ``BadInput`` for what JSON or the database cannot hold, a duration that is not 0 to 300 s, or ids that are no UUIDs.
    """
    for name, value in (("event", event.id), ("course", event.course), ("section", event.section)):
        if value is not None and not _is_canonical_uuid(value):
            raise BadInput(f"The {name} id “{value}” is not a UUID in its usual form, so this was not recorded.")
    if event.kind == EventKind.TIME and not _is_duration(event.body.get("seconds")):
        raise BadInput(f"An event of time has whole seconds, 0 to {MAX_SECONDS_AN_EVENT}, so this was not recorded.")
    try:
        body = msgspec.json.encode(cleaned(event.body))
        _IDS.decode(body)
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
        raise BadInput(f"This cannot be kept as JSON ({error}), so it was not recorded.") from error
    if len(body) > MAX_BODY_BYTES:
        raise BadInput(f"This is {len(body)} bytes long and at most {MAX_BODY_BYTES} can be recorded at once.", "Shorten it.")
    return body.decode()


def cleaned(value: Any, depth: int = 0) -> Any:
    """JSON without the characters that jsonb refuses, in texts and in names. Raises ``ValueError`` where it nests too deeply."""
    if depth > MAX_DEPTH:
        raise ValueError("it nests too deeply")
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value.replace("\0", ""))
    if isinstance(value, dict):
        return {cleaned(key, depth + 1): cleaned(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item, depth + 1) for item in value]
    return value


def _is_canonical_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _is_duration(seconds: object) -> bool:
    return isinstance(seconds, int) and not isinstance(seconds, bool) and 0 <= seconds <= MAX_SECONDS_AN_EVENT
