"""The database counts as ``model.progress`` does: the same events, folded here and there, give the same state."""

import asyncio
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms_tui.db.target import Target
from lms_tui.model.course import Course, Section, SectionType
from lms_tui.model.events import Event
from lms_tui.model.grading import grade
from lms_tui.model.person import Role
from lms_tui.model.progress import RollUp, SectionFacts, SectionState, after, roll_up
from lms_tui.model.question import AnswerKey
from lms_tui.model.wire import CourseRow, Cursor, LessonRow, SectionRow, SyncReply
from tests.db.courses import Recorder, small_course
from tests.db.world import World

SECTIONS = ("intro", "quiz", "film", "try", "exam")
answers = st.fixed_dictionaries({}, optional={"one": st.integers(1, 2), "two": st.sampled_from(["4", "4.0", "five", ""])})
Step = tuple[str, str, dict[str, Any]]

steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("opened"), st.sampled_from(SECTIONS), st.just({})),
    st.tuples(st.just("time"), st.sampled_from(SECTIONS), st.fixed_dictionaries({"seconds": st.integers(0, 300)})),
    st.tuples(st.just("completed"), st.sampled_from(("intro", "film", "try")), st.just({})),
    st.tuples(st.just("answered"), st.just("quiz"), answers),
    st.tuples(st.just("attempt_started"), st.just("exam"), st.just({})),
    st.tuples(st.just("answered"), st.just("exam"), st.fixed_dictionaries({"secret": st.sampled_from(["Waldemar", "no"])})),
)


def made(recorder: Recorder, plan: list[tuple[Step, int]]) -> list[Event]:
    """The events of a plan of steps, each with its minute."""
    return [
        recorder.answer(section, minute, **body) if kind == "answered" else recorder.event(kind, section, minute, **body)
        for (kind, section, body), minute in plan
    ]


def facts(section: Section) -> SectionFacts:
    return SectionFacts(type=section.type, points={str(question.id): question.points for question in section.questions})


def folded(course: Course, events: list[Event]) -> dict[str, SectionState]:
    """The states of the sections that events touch, by the model's rules."""
    sections = {str(section.id): section for lesson in course.lessons for section in lesson.sections}
    keys = {key: value for section in small_course().lessons[0].sections for key, value in section.keys.items()}
    states: dict[str, SectionState] = {}
    for event in events:
        section = sections[str(event.section)]
        won = points(section, keys, event) if event.kind == "answered" and section.type is not SectionType.ASSESSMENT else None
        states[str(section.id)] = after(states.get(str(section.id), SectionState()), event, facts(section), won)
    return states


def points(section: Section, keys: dict[str, AnswerKey], event: Event) -> dict[str, Decimal]:
    asked = {str(question.id): question for question in section.questions}
    return {name: grade(asked[name], keys[asked[name].key], response).points for name, response in event.body["responses"].items()}


def state_of(row: SectionRow) -> tuple[object, ...]:
    return row.completed_at, row.active_seconds, row.last_accessed_at, row.attempts, row.score, row.questions


def rolled(row: LessonRow | CourseRow) -> RollUp:
    return RollUp(
        done=row.done,
        total=row.total,
        percent=row.percent,
        completed_at=row.completed_at,
        active_seconds=row.active_seconds,
        last_accessed_at=row.last_accessed_at,
        score=row.score,
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(steps, st.integers(1, 5000)), min_size=1, max_size=25))
def test_the_same_events_give_the_same_progress(migrated: Target, plan: list[tuple[Step, int]]) -> None:
    async def run() -> tuple[Course, list[Event], SyncReply]:
        world = World(migrated)
        try:
            person = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
            course = await person.imports(small_course())
            recorder = Recorder(course)
            await person.sends(recorder.event("enrolled", minutes=0))
            events = made(recorder, plan)
            return course, events, await person.sends(*events, cursor=Cursor())  # before an assessment is graded: nothing here can
        finally:
            await world.close()

    course, events, reply = asyncio.run(run())
    states = folded(course, events)
    assert {row.section: state_of(row) for row in reply.sections} == {
        section: (
            state.completed_at,
            state.active_seconds,
            state.last_accessed_at,
            state.attempts,
            state.score,
            {name: (question.points, question.first_at) for name, question in state.questions.items()},
        )
        for section, state in states.items()
    }
    of_lesson = {
        str(lesson.id): [(section.required, states.get(str(section.id), SectionState())) for section in lesson.sections]
        for lesson in course.lessons
    }
    touched = {str(lesson.id) for lesson in course.lessons if any(str(section.id) in states for section in lesson.sections)}
    assert {row.lesson: rolled(row) for row in reply.lessons} == {lesson: roll_up(of_lesson[lesson]) for lesson in touched}
    assert [rolled(row) for row in reply.courses] == [roll_up([pair for pairs in of_lesson.values() for pair in pairs])]
