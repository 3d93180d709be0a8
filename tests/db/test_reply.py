"""What a database says that this version cannot make sense of is refused before anything of it is kept or drawn."""

import pytest

from lms_tui.db.reply import read
from lms_tui.model.errors import LmsError
from lms_tui.model.wire import SyncReply
from tests.cache.sample import ident

REPLY = '{{"now": "2026-01-05T12:00:00Z", "epoch": "e", "version": 1, {rows}}}'
ATTEMPT = '"attempts": [{{"id": "{id}", "course": "c", "section": "s"}}]'


def reply(rows: str) -> bytes:
    return REPLY.format(rows=rows).encode()


@pytest.mark.parametrize("rows", [ATTEMPT.format(id=ident("one")), '"days": [{"date": "2024-02-29"}]'])
def test_what_makes_sense_is_taken(rows: str) -> None:
    assert read(reply(rows), SyncReply).version == 1


@pytest.mark.parametrize(
    "rows",
    [
        ATTEMPT.format(id="no letters of a number"),
        ATTEMPT.format(id=ident("one") + "\\n"),
        '"days": [{"date": "\\u001b]0;PWNED"}]',
        '"days": [{"date": "2026-02-29"}]',
        '"days": 1',
        "no JSON",
    ],
)
def test_what_makes_none_is_one_sentence(rows: str) -> None:
    with pytest.raises(LmsError, match=r"The database answered what this version of lms-tui cannot make sense of\.") as caught:
        read(reply(rows), SyncReply)
    assert caught.value.__cause__ is None
