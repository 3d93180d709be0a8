"""What the cache knows, as views. Synchronous: a few milliseconds at most, on the caller's thread."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from lms_tui.cache.shelf import ListedPage
from lms_tui.cache.store import Cache
from lms_tui.library import framing, nodes, searching
from lms_tui.library.entries import Entries
from lms_tui.model.catalog import EVERYTHING, Facets, Filters
from lms_tui.model.course import SectionType
from lms_tui.model.errors import NotFound
from lms_tui.model.progress import QuestionState, RollUp, SectionState
from lms_tui.model.question import AnswerKey, Response
from lms_tui.model.search import SearchQuery
from lms_tui.model.streak import counts, streak
from lms_tui.views.assessing import Entry
from lms_tui.views.nodes import ContinueCard, CourseList, CourseNode, Day, Home, Outline, Place, SectionPage, Study
from lms_tui.views.searching import Results

_ALL_MINE = Filters(mine=True, limit=1000)  # more than anybody takes


class Reading:
    """The reads of the library. ``today`` gives the date in the person's zone.

    ``personal``: it is the library on this machine, in which opening a course takes it.
    """

    def __init__(self, cache: Cache, today: Callable[[], date], entries: Entries, *, personal: bool) -> None:
        self._cache = cache
        self._today = today
        self._entries = entries
        self.personal = personal

    def home(self) -> Home:
        """Where to go on, and the courses there are: the person's own first, last studied first."""
        mine, every = self._mine(), self.courses().items
        others = tuple(node for node in every if not node.enrolled)
        running = self._entries.under_way()
        card = self._card_of(running[0]) if running else self._first_card(mine or self._begins_with(every))
        entry = self.entry(card.section.id) if card and card.section.type is SectionType.ASSESSMENT else None
        return Home(card=card, entry=entry, courses=(*mine, *others), personal=self.personal)

    def _card_of(self, section_id: str) -> ContinueCard:
        page = self.page(section_id)
        return ContinueCard(course=page.course, section=page.section, lesson_title=page.lesson_title, started=True, place=page.place)

    def _begins_with(self, courses: Sequence[CourseNode]) -> Sequence[CourseNode]:
        """What is offered to somebody without a course: in an institution nothing, because courses are taken there on purpose."""
        return courses if self.personal else ()

    def _mine(self) -> list[CourseNode]:
        return sorted(self.courses(_ALL_MINE).items, key=_last_access, reverse=True)

    def courses(self, filters: Filters = EVERYTHING) -> CourseList:
        """A page of the courses in the cache."""
        return self._listed(self._cache.content.courses(filters))

    def last_page(self, filters: Filters) -> CourseList | None:
        """A page of the catalogue as the database last gave it; None where it never did."""
        page = self._cache.content.page(nodes.page_key(filters))
        return None if page is None else self._listed(page)

    def _listed(self, page: ListedPage) -> CourseList:
        items = nodes.course_nodes(self._cache, page.items)
        return CourseList(items=items, next=page.next, previous=page.previous, as_of=page.as_of)

    def known(self, course_ids: Sequence[str]) -> dict[str, CourseNode]:
        """Those of these courses that are known here, as they stand now, by id."""
        return {node.id: node for node in nodes.course_nodes(self._cache, self._cache.content.listed_of(course_ids))}

    def facets(self) -> Facets:
        """What courses can be chosen by, as far as they are known here."""
        return self._cache.content.facets()

    def course(self, course_id: str) -> CourseNode:
        """One course as it stands in a list."""
        [node] = nodes.course_nodes(self._cache, [self._cache.content.listed(course_id)])
        return node

    def counts_in(self, course: CourseNode) -> bool:
        """Whether what is done in a course counts: in one that is taken, and in a personal library in any."""
        return course.enrolled or self.personal

    def outline(self, ref: str) -> Outline:
        """The course that a ref is in, with all its lessons and sections. Raises ``NotFound``."""
        course_id = self._cache.content.find(ref).course
        content = self._cache.content.outline(course_id)
        progress = self._cache.progress.course(course_id)
        return Outline(
            course=self.course(course_id),
            body=content.course.body,
            authors=content.course.authors,
            license=content.course.license,
            lessons=tuple(
                nodes.lesson_node(lesson, progress.sections, progress.lessons.get(lesson.id, RollUp())) for lesson in content.lessons
            ),
            as_of=content.listed.as_of,
        )

    def page(self, ref: str) -> SectionPage:
        """A section opened; of a course or a lesson, its first section that is not done. Raises ``NotFound``."""
        found = self._cache.content.find(ref)
        section_id = found.section or self._first_unfinished(found.course, found.lesson)
        opened = self._cache.content.section(section_id)
        content = self._cache.content.outline(opened.course)
        lesson = next(lesson for lesson in content.lessons if lesson.id == opened.content.lesson)
        return SectionPage(
            course=self.course(opened.course),
            lesson_title=opened.lesson_title,
            lesson_ref=opened.lesson_ref,
            section=nodes.section_node(opened.content, self._cache.progress.section(section_id)),
            introduction=framing.introduction(content, lesson, section_id),
            body=opened.section.body,
            summary=framing.summary(lesson, section_id),
            rules=opened.section.rules,
            video=opened.section.video,
            questions=opened.section.questions,
            number=opened.number,
            count=opened.count,
            previous=opened.previous,
            next=opened.next,
            place=self.place(section_id),
            entry=self.entry(section_id) if opened.content.type is SectionType.ASSESSMENT else None,
        )

    def entry(self, section_id: str) -> Entry:
        """The entry card of an ASSESSMENT. Raises ``NotFound``, and ``BadInput`` for another section."""
        return self._entries.of(section_id)

    def _first_unfinished(self, course_id: str, lesson_id: str | None) -> str:
        states = self._cache.progress.course(course_id).sections
        lessons = self._cache.content.outline(course_id).lessons
        sections = [section.id for lesson in lessons if lesson_id in (None, lesson.id) for section in lesson.sections]
        if not sections:
            raise NotFound("There is nothing to read here yet.", "Look at the outline of the course.")
        return next((section for section in sections if states.get(section, SectionState()).completed_at is None), sections[0])

    def place(self, section_id: str) -> Place:
        """Where the person was in a section."""
        return nodes.place(self._cache.places.of(section_id))

    def next_up(self, course: str | None = None) -> ContinueCard | None:
        """Where to go on: the section read last if it is not done, else the next that is not; None when all is done.

        Without a course, the person's courses are asked, last studied first; where none is theirs, all courses
        of a personal library.
        """
        if course is not None:
            return self._next_in(self._cache.content.find(course).course)
        return self._first_card(self._mine() or self._begins_with(self.courses().items))

    def _first_card(self, courses: Iterable[CourseNode]) -> ContinueCard | None:
        for node in courses:
            card = self._next_in(node.id) if node.available_offline else None
            if card is not None:
                return card
        return None

    def _next_in(self, course_id: str) -> ContinueCard | None:
        outline = self.outline(course_id)
        sections = [(lesson, section) for lesson in outline.lessons for section in lesson.sections]
        visited = [n for n, (_, section) in enumerate(sections) if section.progress.last_accessed_at]
        last = max(visited, key=lambda n: sections[n][1].progress.last_accessed_at or _LONG_AGO, default=0)
        for lesson, section in sections[last:] + sections[:last]:
            if section.progress.completed_at is None:
                return ContinueCard(
                    course=outline.course,
                    section=section,
                    lesson_title=lesson.title,
                    started=bool(visited),
                    place=self.place(section.id),
                )
        return None

    def active_seconds_today(self) -> int:
        """For how long the person has studied today."""
        return self._cache.progress.active_seconds(self._today())

    def study(self, since: date | None = None) -> Study:
        """Totals and days; with ``since``, time and days from that day on."""
        days = self._cache.progress.days()
        counting = [date.fromisoformat(day.date) for day in days if counts(day.active_seconds, day.completed, day.answered)]
        shown = [day for day in days if since is None or date.fromisoformat(day.date) >= since]
        totals = self._cache.progress.totals()
        courses = self.courses(_ALL_MINE).items
        today = self._today()
        return Study(
            courses=courses,
            active_seconds=sum(day.active_seconds for day in shown),
            active_seconds_today=sum(day.active_seconds for day in days if day.date == today.isoformat()),
            sections_completed=totals.sections_completed if since is None else sum(day.completed for day in shown),
            courses_completed=sum(1 for node in courses if node.progress.completed_at),
            average_score=None if totals.average_score is None else float(totals.average_score),
            streak_days=streak(counting, today),
            days=tuple(
                Day(date=day.date, active_seconds=day.active_seconds, completed=day.completed, answered=day.answered) for day in shown
            ),
            as_of=self._cache.ledger.last_success(),
        )

    def search(self, query: SearchQuery) -> Results:
        """What is found on this machine. May take some milliseconds: screens ask from a thread. Raises ``BadInput``, ``NotFound``."""
        return searching.in_cache(self._cache, query)

    def stop_searching(self) -> None:
        """Ends a search that is under way on another thread; what it gives then is not whole."""
        self._cache.search.stop()

    def drafts(self, section_id: str) -> dict[str, Response]:
        """Answers begun and not yet checked, by question id."""
        return self._cache.places.drafts(section_id)

    def tried(self, section_id: str) -> dict[str, QuestionState]:
        """The best points so far and the first answer's time, by question id."""
        return self._cache.progress.section(section_id).questions

    def key(self, question_id: str) -> AnswerKey | None:
        """The practice key of a question; None where only the database may grade it."""
        return self._cache.content.key(question_id)


def _last_access(node: CourseNode) -> datetime:
    return node.progress.last_accessed_at or _LONG_AGO


_LONG_AGO = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
