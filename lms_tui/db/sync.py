"""One run of sync: events out, verdicts and changed progress back, in one round trip."""

import msgspec

from lms_tui.db.connection import Database
from lms_tui.db.reply import read
from lms_tui.db.statements import Statement
from lms_tui.model.person import Person
from lms_tui.model.wire import SyncReply, SyncRequest

SYNC = Statement(
    "sync",
    """
    SELECT CAST(lms.sync(CAST(:institution AS uuid), CAST(:device AS uuid), :protocol, :client, CAST(:sent_at AS timestamptz),
      CAST(:events AS jsonb), CAST(:cursors AS jsonb)) AS text)
    """,
)


async def sync(database: Database, person: Person, request: SyncRequest) -> SyncReply:
    """Sends events and the cursor. Sending them again is harmless: what is counted already is a ``duplicate``.

    Raises ``TooLarge`` (send fewer), ``UpgradeNeeded``, ``Refused``, ``Unavailable`` (nothing, or all of it, was counted), and
    ``BadInput`` when the JSON itself cannot be read by PostgreSQL, as with a NUL in a text: halve the batch to find the event.
    """
    raw = await database.json(
        SYNC,
        institution=person.institution_id,
        device=request.device,
        protocol=request.protocol,
        client=request.client,
        sent_at=request.sent_at,
        events=msgspec.json.encode(request.events).decode(),
        cursors=msgspec.json.encode({"me": request.cursor}).decode(),
    )
    return read(raw, SyncReply)
