"""A pattern means in PostgreSQL what it means here."""

import json
import random

import psycopg
import pytest

from lms_tui.db.target import Target
from lms_tui.model.grading import fold
from lms_tui.model.pattern import matches, normalise

ATOMS = (
    "a",
    "b",
    "A",
    "é",
    "Б",
    ".",
    "[ab]",
    "[^a]",
    "[^a-z]",
    "[(?x]",
    r"[\]^-]",
    "[&~|.]",
    r"\d",
    r"\.",
    r"\{",
    "(a|b)",
    "(ab|b)",
    "-",
    " ",
    "/",
    "#",
)
QUANTIFIERS = ("", "", "", "?", "*", "+", "{2}", "{1,3}", "{2,}", "{0,2}")


def _pattern(chance: random.Random) -> str:
    branches = (
        "".join(chance.choice(ATOMS) + chance.choice(QUANTIFIERS) for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(1, 2))
    )
    return normalise("|".join(branches))


def test_generated_patterns_agree(server: Target) -> None:
    chance = random.Random(20)
    cases = [(_pattern(chance), "".join(chance.choices("abAéБ1.-(?x]^&{ /", k=chance.randint(0, 3)))) for _ in range(20_000)]
    cases += [(fold(pattern), fold(text)) for pattern, text in cases[:5_000]]
    ours = [matches(pattern, text) for pattern, text in cases]
    with psycopg.connect(
        host=server.host, port=server.port, dbname=server.dbname, user=server.user, password=server.password
    ) as connection:
        row = connection.execute(
            """SELECT array_agg((pair ->> 1) COLLATE "C" ~ ('^(?:' || (pair ->> 0) || ')$') ORDER BY number)
               FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS given (pair, number)""",
            (json.dumps(cases),),
        ).fetchone()
    assert row
    assert [case for case, here, there in zip(cases, ours, row[0], strict=True) if here is not there] == []
    assert sum(ours) == pytest.approx(len(ours) / 10, rel=0.9)
