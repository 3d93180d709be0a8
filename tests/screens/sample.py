"""A course with a section of every type and a question of every kind, put into a real cache file."""

from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.library.profile import load
from lms_tui.model.course import Course, Difficulty, Lesson, Rules, Section, SectionType, Video
from lms_tui.model.question import Answer, AnswerKey, Kind, Question


def ident(name: str) -> str:
    """A UUID that a name always gives."""
    return str(uuid5(NAMESPACE_URL, name))


def _question(key: str, kind: Kind, prompt: str, **more: object) -> Question:
    return Question(key=key, kind=kind, prompt=prompt, id=ident(key), **more)  # type: ignore[arg-type]  # shapes are the fields'


TIDE = _question(
    "why-twice", Kind.SINGLE, "Why are there **two** high tides a day?", options=("The sun", "Two bulges of water", "The wind", "Rain"),
    hints=("Think of *both* sides of the Earth.", "The water on the far side is left behind."),
)  # fmt: skip
MANY = _question("causes", Kind.MULTIPLE, "What moves the tides?", options=("The moon", "The sun", "The `wind`"))
NUMBER = _question("hours", Kind.NUMERIC, "How many hours lie between two high tides?", points=Decimal(2))
WORD = _question("neap", Kind.TEXT, "What is a weak tide called?", hints=("It rhymes with *heap*.",))
GAPS = _question("gaps", Kind.BLANKS, "The [[1]] pulls, the [[2]] spins.", gaps=((), ("Earth", "sea")))
PAIRS = _question("pairs", Kind.MATCHING, "What belongs together?", stems=("full moon", "half moon"), options=("neap tide", "spring tide"))
ROW = _question("row", Kind.ORDER, "Put them in order, low to high.", options=("high water", "low water", "half tide"))
PRINTS = _question("prints", Kind.CODE_OUTPUT, "What does this print?\n\n```python\nfor n in (1, 2):\n    print(n)\n```")
OWN = _question("own", Kind.SELF_MARKED, "Explain spring tides in a sentence.", points=Decimal(2))
INLINE = _question("inline", Kind.SINGLE, "Is this scored?", options=("Yes", "No"))
KEYS = {
    TIDE.id or "": AnswerKey(
        correct=(2,),
        feedback=("The sun helps, but not so.", "Just so.", "", ""),
        explanation="One bulge faces the moon, the other is **left behind**.",
    ),
    MANY.id or "": AnswerKey(correct=(1, 2), partial=True),
    NUMBER.id or "": AnswerKey(answers=(Answer(low="12", high="12.5"), Answer(text="24", correct=False, feedback="That is a whole day."))),
    WORD.id or "": AnswerKey(answers=(Answer(text="neap"), Answer(text="neap tide"))),
    GAPS.id or "": AnswerKey(gaps=((Answer(text="moon"),), (Answer(text="Earth"),))),
    PAIRS.id or "": AnswerKey(correct=(2, 1)),
    ROW.id or "": AnswerKey(correct=(2, 3, 1)),
    PRINTS.id or "": AnswerKey(answers=(Answer(text="1\n2"),)),
    OWN.id or "": AnswerKey(model_answer="Sun and moon pull in one line."),
    INLINE.id or "": AnswerKey(correct=(2,)),
}
READ = "# The pull of the moon\n\nThe moon pulls at the sea.\n\n::: question {#inline}\n:::\n\n" + "\n\n".join(
    f"Paragraph {number} says that water follows the moon, and that the shore feels it twice a day." for number in range(1, 30)
)


def _section(slug: str, title: str, **more: object) -> Section:
    return Section(slug=slug, title=title, id=ident(f"tides/{slug}"), **more)  # type: ignore[arg-type]  # shapes are the fields'


COURSE = Course(
    slug="tides", title="Tides for Beginners", summary="Why the sea comes and goes, in an hour.", difficulty=Difficulty.BEGINNER,
    authors=("A. Sailor",), license="CC0-1.0", id=ident("tides"),
    lessons=(
        Lesson(
            slug="moon", title="The moon", id=ident("tides/moon"), objectives=("Say why there are two tides a day",),
            sections=(
                _section("pull", "The pull of the moon", body=READ, minutes=4, questions=(INLINE,)),
                _section("film", "A tide in a minute", type=SectionType.VIDEO, body="Watch the harbour.", minutes=1,
                         video=Video(url="https://example.org/tide", seconds=62, transcript="The boats sink. The boats rise.")),
                _section("check", "Check yourself", type=SectionType.QUIZ, minutes=5, questions=(TIDE, MANY, NUMBER)),
            ),
        ),
        Lesson(
            slug="shore", title="The shore", id=ident("tides/shore"),
            sections=(
                _section("walk", "Walk the shore", type=SectionType.ACTIVITY, body="Go and look.", minutes=20),
                _section("kinds", "Every kind", type=SectionType.QUIZ, questions=(WORD, GAPS, PAIRS, ROW, PRINTS, OWN)),
                _section("exam", "The exam", type=SectionType.ASSESSMENT, minutes=10, rules=Rules(attempts=2), questions=(
                    _question("exam-1", Kind.SINGLE, "Ebb or flood?", options=("Ebb", "Flood")),
                    _question("exam-2", Kind.TEXT, "Name a harbour."),
                )),
                _section("end", "Goodbye", body="Done.", required=False, minutes=1),
            ),
        ),
    ),
)  # fmt: skip


def put_into_cache(course: Course = COURSE, profile: str = "personal", keys: dict[str, AnswerKey] | None = None) -> None:
    """Makes the profile of the current home, with the course in its cache file as the database would have put it there."""
    folder, kept = load(profile)
    cache = Cache.open(folder, kept.person)
    cache.content.put(course, content_version=1, keys=keys or (KEYS if course.id == COURSE.id else {}))
    cache.close()


def with_key_points(point: str) -> Course:
    """The course, each lesson with a key point below its last section: the first one's is a quiz, the second one's the exam."""
    moon, shore = COURSE.lessons
    until_the_exam = tuple(section for section in shore.sections if section.slug != "end")
    return replace(COURSE, lessons=(replace(moon, keypoints=(point,)), replace(shore, keypoints=(point,), sections=until_the_exam)))
