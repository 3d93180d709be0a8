"""The exam of the sample course under the rules of a test, and a person who takes it on screen."""

from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot

from lms_tui.library import Change, Library
from lms_tui.model.course import Course, Rules
from lms_tui.model.events import EventKind
from lms_tui.model.question import Question
from lms_tui.model.wire import AttemptRow, Outcome, SyncReply, SyncRequest, Verdict
from lms_tui.screens.assessment import AssessmentScreen
from tests.cache.sample import HeldClock
from tests.screens.driving import press, settled, text_of, write
from tests.screens.sample import COURSE, KEYS, ident, put_into_cache

EXAM = ident("tides/exam")
TIMED = Rules(attempts=2, time_limit_seconds=720, pass_mark=60.0)


def course_with(rules: Rules, questions: tuple[Question, ...] | None = None, hidden: int = 0) -> Course:
    """The course, its exam with these rules, and with these questions in place of its own."""
    shore = COURSE.lessons[1]
    exam = next(section for section in shore.sections if section.id == EXAM)
    exam = replace(exam, rules=rules, questions=exam.questions if questions is None else questions, hidden_questions=hidden)
    sections = tuple(exam if section.id == EXAM else section for section in shore.sections)
    return replace(COURSE, lessons=(COURSE.lessons[0], replace(shore, sections=sections)))


def with_exam(rules: Rules = TIMED, questions: tuple[Question, ...] | None = None) -> None:
    """A library that has that course."""
    put_into_cache(course_with(rules, questions))


async def republish(pilot: Pilot[None], rules: Rules = TIMED, questions: tuple[Question, ...] | None = None) -> None:
    """The course comes anew while the app is open."""
    library = library_of(pilot)
    library._cache.content.put(course_with(rules, questions), content_version=2, keys=KEYS)
    assert library.listener is not None
    library.listener(Change.CONTENT)
    await settled(pilot)


def library_of(pilot: Pilot[None]) -> Library:
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    assert isinstance(library, Library)
    return library


def recorded(pilot: Pilot[None], kind: EventKind) -> list[dict[str, Any]]:
    """The bodies of the recorded events of a kind, in order."""
    return [event.body for event in library_of(pilot)._cache.outbox.pending() if event.kind == kind]


def screen_of(pilot: Pilot[None]) -> AssessmentScreen:
    screen = pilot.app.screen
    assert isinstance(screen, AssessmentScreen)
    return screen


async def to_the_card(pilot: Pilot[None]) -> str:
    return await press(pilot, "o", "home", *["down"] * 7, "enter")


async def begin(pilot: Pilot[None]) -> str:
    """Starts an attempt, or goes on with the one under way."""
    await to_the_card(pilot)
    return await press(pilot, "enter")


async def go_on(pilot: Pilot[None], clock: HeldClock, seconds: int) -> str:
    """Time goes by on the wall, and the screen hears it tick."""
    clock.forward(seconds=seconds)
    screen = pilot.app.screen
    assert isinstance(screen, AssessmentScreen)
    screen.beat()
    await settled(pilot)
    return text_of(pilot)


async def answer_all(pilot: Pilot[None]) -> str:
    await press(pilot, "1", "enter")
    await write(pilot, "Kiel")
    return await press(pilot, "enter")


def post(pilot: Pilot[None], *keys: str) -> None:
    """Keys as a terminal gives them, whatever the app is doing."""
    for key in keys:
        pilot.app.post_message(events.Key(key, None))


def the_database_says(pilot: Pilot[None], standing: str, score: str | None = None) -> None:
    """Everything that waits has arrived, and the last attempt stands so."""
    library = library_of(pilot)
    cache = library._cache
    pending, now = cache.outbox.pending(), cache.clock.now()
    attempt = library.entry(EXAM).attempts[-1]
    request = SyncRequest(device=cache.device_id, sent_at=now, cursor=cache.mirror.cursor(), events=tuple(pending))
    row = AttemptRow(
        id=attempt.id, course=ident("tides"), section=EXAM, started_at=attempt.started_at, at=attempt.answered_at, received_at=now,
        standing=standing, score=None if score is None else Decimal(score),
    )  # fmt: skip
    verdicts = tuple(Verdict(event_id=event.id, outcome=Outcome.APPLIED) for event in pending)
    cache.mirror.acknowledge(request, SyncReply(now=now, epoch="e", version=1, verdicts=verdicts, attempts=(row,)))
    assert library.listener is not None
    library.listener(Change.PROGRESS)
