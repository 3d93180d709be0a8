"""What a search costs: in the database as a learner, beside bare psycopg, and in the cache while one types.

The database ranks at most 100 candidates with all the words in the title, 100 with all the words, and 100 with each, out of a share of the
sections where a word is in many of them: its time is flat. Not so where the last word is only begun: all words that begin so are gone
through in the index, which grows with the sections; that figure has a limit of its own.
Words are made so that some stand in every section and most in few. A section has some 120 of them.
"""

import random
import statistics
import tempfile
import time
from hashlib import md5
from pathlib import Path
from uuid import UUID, uuid5

from benchmarks.database import beside_bare, in_a_database, pair
from benchmarks.figures import Figure
from lms_tui.cache.store import Cache
from lms_tui.db.connection import Database
from lms_tui.db.searching import search
from lms_tui.db.target import Target
from lms_tui.model.course import Course, Lesson, Section
from lms_tui.model.search import SearchQuery
from tests.cache.sample import PERSON
from tests.db.world import World

FEW, MANY = 2_000, 200_000
IN_CACHE = 10_000
A_COURSE = 20  # sections


def _word(number: int) -> str:
    return md5(str(number).encode(), usedforsecurity=False).hexdigest()[:6]


QUESTION = f"how can i make {_word(7)} and {_word(30)} of {_word(190)} when {_word(800)}"

MAKE = """
    WITH made AS (
      INSERT INTO lms.courses (institution_id, course_id, slug, title, published)
      SELECT %(institution)s, lms.uuid7(), 'made-' || n, 'Course ' || n, true
      FROM generate_series(%(first)s::int, %(last)s::int) n RETURNING *
    )
    INSERT INTO lms.search_entries (institution_id, entry_id, course_id, lesson_id, ref, title, path, body, published, words)
    SELECT x.institution_id, x.entry_id, x.course_id, lms.uuid7(), x.ref, x.title, x.path, x.body, true,
      lms.words_of(x.institution_id, x.entry_id, x.course_id, x.title, x.path, x.body, NULL, NULL, true)
    FROM (SELECT lms.uuid7() AS entry_id, c.institution_id, c.course_id, c.slug || '/lesson/s' || n AS ref, 'Section ' || n AS title,
        c.title || ' Lesson' AS path,
        (SELECT string_agg(left(md5(floor(5000 * power(random(), 4))::text), 6), ' ') FROM generate_series(1, 120 + 0 * n)) AS body
      FROM made c, generate_series(1, %(sections)s) n) x
"""


async def of_database(owner: Target) -> list[Figure]:
    """A search by a word, by one that is being typed, and by a sentence, among few sections and among many."""
    world = World(owner)
    learner = await world.add_person()
    asked = {
        "a word": SearchQuery(text=_word(77)),
        "a sentence": SearchQuery(text=QUESTION),
        "a word begun": SearchQuery(text=_word(77)[:4], typing=True),
    }
    spent: dict[tuple[str, int], tuple[float, float]] = {}
    try:
        for first, last in ((1, FEW // A_COURSE), (FEW // A_COURSE + 1, MANY // A_COURSE)):
            with world.psql() as connection:
                connection.execute(MAKE, {"institution": world.institution, "first": first, "last": last, "sections": A_COURSE})
                connection.execute("VACUUM ANALYZE lms.search_entries, lms.courses")
            for name, query in asked.items():

                async def ask(database: Database, query: SearchQuery = query) -> object:
                    return await search(database, learner.me, query)

                spent[name, last * A_COURSE] = await beside_bare(learner, ask)
    finally:
        await world.close()
    return [
        *(pair(f"database, {name}, {MANY:,} sections", *spent[name, MANY]) for name in asked),
        *(
            Figure(f"database, {name}, many sections beside few", spent[name, MANY][0] / spent[name, FEW][0], "x", 1.5)
            for name in asked
            if name != "a word begun"
        ),
        Figure(f"database, a word begun, {MANY:,} sections", spent["a word begun", MANY][0], "ms", 50, "grows with the sections"),
    ]


def of_cache(folder: Path) -> list[Figure]:
    """CPU milliseconds of each search while words are typed letter by letter, and of a sentence."""
    chance = random.Random(7)
    cache = Cache.open(folder, PERSON)
    began = time.process_time()
    for number in range(IN_CACHE // A_COURSE):
        cache.content.put(_course(number, chance), content_version=1)
    filled = 1000 * (time.process_time() - began) / IN_CACHE
    typed = [word[:end] for word in (_word(77), "section", "lesson 3") for end in range(1, len(word) + 1)]
    typing = [_cost(cache, SearchQuery(text=text, typing=True)) for text in typed for _ in range(3)]
    sentence = statistics.median(_cost(cache, SearchQuery(text=QUESTION)) for _ in range(9))
    cache.close()
    return [
        Figure(f"cache, while typing, {IN_CACHE:,} sections", statistics.median(typing), "ms", 20),
        Figure("cache, while typing, worst", max(typing), "ms", 100),
        Figure(f"cache, a sentence, {IN_CACHE:,} sections", sentence, "ms", 50),
        Figure("cache, putting a section, search included", filled, "ms", 2),
    ]


def _cost(cache: Cache, query: SearchQuery) -> float:
    began = time.process_time()
    cache.search.find(query)
    return 1000 * (time.process_time() - began)


def _course(number: int, chance: random.Random) -> Course:
    def ident(name: str) -> str:
        return str(uuid5(UUID(int=number), name))

    sections = tuple(
        Section(
            slug=f"s{one}",
            title=f"Section {one}",
            id=ident(f"s{one}"),
            body=" ".join(_word(int(5000 * chance.random() ** 4)) for _ in range(120)),
        )
        for one in range(A_COURSE)
    )
    lesson = Lesson(slug="lesson", title="Lesson", id=ident("lesson"), sections=sections)
    return Course(slug=f"made-{number}", title=f"Course {number}", id=ident("course"), lessons=(lesson,))


def measure() -> list[Figure]:
    """The figures of search."""
    with tempfile.TemporaryDirectory() as folder:
        here = of_cache(Path(folder) / "profile")
    return [*in_a_database(of_database), *here]
