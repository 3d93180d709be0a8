"""What a learner does, as events in the outbox. Each call returns when the file has it; a tick is drawn after that."""

import asyncio
from collections.abc import Mapping, Sequence

from lms_tui.cache.attempts import Attempt
from lms_tui.cache.shelf import OpenedSection
from lms_tui.cache.store import Cache
from lms_tui.model.course import SectionType
from lms_tui.model.errors import BadInput
from lms_tui.model.events import Event, EventKind, in_heartbeats
from lms_tui.model.grading import grade
from lms_tui.model.question import Grade, Question, Response
from lms_tui.model.response import fault
from lms_tui.model.wire import PlaceRow
from lms_tui.views.nodes import Place

_GRADED = (SectionType.QUIZ, SectionType.ASSESSMENT)


class Recording:
    """The writes of the library. ``enrols``: whether opening a course takes it, as in a personal library.

    Where it does not, work in a course that the person does not take is refused, and looking around in one leaves no trace:
    the database would reject all of it. The reads that it needs are the cache's. Each method raises ``NotFound`` for a section
    that is not in the cache and ``StorageFailed`` where nothing was written.
    """

    def __init__(self, cache: Cache, enrols: bool) -> None:
        self._cache = cache
        self._enrols = enrols

    async def enrol(self, course_id: str) -> None:
        """Takes the course."""
        await self._record(self._event(EventKind.ENROLLED, course_id))

    async def leave(self, course_id: str) -> None:
        """Leaves the course where it is taken; its progress stays."""
        if self._takes(course_id):
            await self._record(self._event(EventKind.LEFT, course_id))

    async def opened(self, section_id: str) -> None:
        """The section was opened."""
        course_id = self._course_of(section_id)
        if self._counts(course_id):
            await self._record(*self._enrolment(course_id), self._event(EventKind.OPENED, course_id, section_id))

    async def spent(self, section_id: str, seconds: int) -> None:
        """Active seconds went by in the section."""
        course_id = self._course_of(section_id)
        if self._counts(course_id):
            await self._record(*self._enrolment(course_id), *self._times(course_id, section_id, seconds))

    async def done(self, section_ids: Sequence[str], seconds: int = 0) -> None:
        """The sections are done; the seconds are shared out among them. All are recorded or none.

        Raises ``BadInput`` for a QUIZ or an ASSESSMENT, which its answers complete.
        """
        events: list[Event] = []
        share, rest = divmod(seconds, max(1, len(section_ids)))
        for number, section_id in enumerate(section_ids):
            opened = self._cache.content.section(section_id)
            if opened.content.type in _GRADED:
                raise BadInput(f"“{opened.content.title}” is completed by answering it.", "Answer its questions; nothing was recorded.")
            self._refuse_uncounted(opened.course)
            events += [event for event in self._enrolment(opened.course) if all(event.course != other.course for other in events)]
            events += self._times(opened.course, section_id, share + (rest if number == 0 else 0))
            if self._cache.progress.section(section_id).completed_at is None:
                events.append(self._event(EventKind.COMPLETED, opened.course, section_id))
        await self._record(*events)

    def checked(self, section_id: str, responses: Mapping[str, Response]) -> dict[str, Response]:
        """The responses by question id; they may name questions by id or by key.

        Raises ``BadInput`` for a question that the section does not have, and for a response of another shape than it takes.
        """
        opened = self._cache.content.section(section_id)
        return _by_question_id(opened, {question.id or "": question for question in opened.section.questions}, responses)

    async def answer(
        self,
        section_id: str,
        responses: Mapping[str, Response],
        hints: Mapping[str, int] | None = None,
        attempt: str | None = None,
        seen: Sequence[Attempt] | None = None,
    ) -> dict[str, Grade | None]:
        """Checks an answered set and records it: grades by question id, None where the database grades later.

        ``attempt``: which it hands in, of an ASSESSMENT; nothing is recorded or given where its attempts are not those ``seen``
        any more. Raises ``BadInput`` as ``checked`` does.
        """
        opened = self._cache.content.section(section_id)
        self._refuse_uncounted(opened.course)
        by_id = {question.id or "": question for question in opened.section.questions}
        given = self.checked(section_id, responses)
        body: dict[str, Response] = {"responses": given, "hints": dict(hints or {})} | ({"attempt": attempt} if attempt else {})
        answered = self._event(EventKind.ANSWERED, opened.course, section_id, body)
        recorded = await asyncio.to_thread(
            self._cache.outbox.record,
            [*self._enrolment(opened.course), answered],
            drafts_done=[(section_id, question_id) for question_id in (by_id if attempt else given)],  # the next attempt begins anew
            seen=seen,
        )
        if not recorded:
            return {}
        return {question_id: self._grade(by_id[question_id], response) for question_id, response in given.items()}

    async def start_attempt(self, section_id: str, seen: Sequence[Attempt]) -> str | None:
        """An attempt at an ASSESSMENT begins. Gives its id; None where its attempts are not those ``seen`` any more."""
        course_id = self._course_of(section_id)
        self._refuse_uncounted(course_id)
        started = self._event(EventKind.ATTEMPT_STARTED, course_id, section_id)
        recorded = await asyncio.to_thread(self._cache.outbox.record, [*self._enrolment(course_id), started], seen=seen)
        return started.id if recorded else None

    def _grade(self, question: Question, response: Response) -> Grade | None:
        key = self._cache.content.key(question.id or "")
        return None if key is None else grade(question, key, response)

    async def save_place(self, section_id: str, place: Place) -> None:
        """Where the person is in a section, for the next start on this machine."""
        await asyncio.to_thread(self._cache.places.save, self._place_row(section_id, place))

    async def left_at(self, section_id: str, place: Place) -> None:
        """Where the person left a section, for their other machines too."""
        body = {"block": place.block, "quote": place.quote, "ratio": place.ratio}
        course_id = self._course_of(section_id)
        position = self._event(EventKind.POSITION, course_id, section_id, body)
        events = [*self._enrolment(course_id), position] if self._counts(course_id) else []
        await asyncio.to_thread(self._cache.outbox.record, events, place=self._place_row(section_id, place))

    def _place_row(self, section_id: str, place: Place) -> PlaceRow:
        return PlaceRow(section=section_id, block=place.block, quote=place.quote, ratio=place.ratio, at=self._cache.clock.now())

    async def save_draft(self, section_id: str, question_id: str, response: Response) -> None:
        """An answer begun and not yet checked."""
        await asyncio.to_thread(self._cache.places.save_draft, section_id, question_id, response)

    def _enrolment(self, course_id: str) -> list[Event]:
        return [] if self._takes(course_id) or not self._enrols else [self._event(EventKind.ENROLLED, course_id)]

    def _takes(self, course_id: str) -> bool:
        standing = self._cache.progress.standings([course_id]).get(course_id)
        return standing is not None and standing.enrolled

    def _counts(self, course_id: str) -> bool:
        return self._enrols or self._takes(course_id)

    def _refuse_uncounted(self, course_id: str) -> None:
        if not self._counts(course_id):
            course = self._cache.content.listed(course_id).course
            hint = f"Take it first, with e in its outline or lms-tui enrol {course.slug}."
            raise BadInput(f"You do not take “{course.title}”, so nothing was recorded.", hint)

    def _times(self, course_id: str, section_id: str, seconds: int) -> list[Event]:
        return [self._event(EventKind.TIME, course_id, section_id, {"seconds": amount}) for amount in in_heartbeats(seconds)]

    def _event(self, kind: EventKind, course_id: str, section_id: str | None = None, body: dict[str, Response] | None = None) -> Event:
        return self._cache.event(kind, course=course_id, section=section_id, body=body)

    def _course_of(self, section_id: str) -> str:
        return self._cache.content.find(section_id).course

    async def _record(self, *events: Event) -> None:
        if events:
            await asyncio.to_thread(self._cache.outbox.record, events)


def _by_question_id(opened: OpenedSection, by_id: Mapping[str, Question], responses: Mapping[str, Response]) -> dict[str, Response]:
    if not responses:
        raise BadInput("There is no answer to record.", "Answer at least one question.")
    ids = {question.key: question_id for question_id, question in by_id.items()}
    given: dict[str, Response] = {}
    for name, response in responses.items():
        question_id = name if name in by_id else ids.get(name)
        if question_id is None:
            known = ", ".join(ids) or "none"
            raise BadInput(f"“{opened.content.title}” has no question “{name}”.", f"It has: {known}. Nothing was recorded.")
        if (wrong := fault(by_id[question_id], response)) is not None:
            raise BadInput(f"The question “{by_id[question_id].key}” {wrong}.", "Nothing was recorded.")
        given[question_id] = response
    return given
