"""Rows of the cache as the nodes that are shown."""

from collections.abc import Sequence
from decimal import Decimal

from lms_tui.cache.progress import Standing
from lms_tui.cache.shelf import LessonContent, Listed, SectionContent
from lms_tui.cache.store import Cache
from lms_tui.model.catalog import Filters
from lms_tui.model.course import SectionType
from lms_tui.model.progress import RollUp, SectionState
from lms_tui.model.wire import CatalogCourse, PlaceRow
from lms_tui.views.nodes import CourseNode, LessonNode, Place, Progress, SectionNode


def page_key(filters: Filters) -> str:
    """The name under which a page of the catalogue is kept."""
    return repr(filters)


def course_nodes(cache: Cache, courses: Sequence[Listed]) -> tuple[CourseNode, ...]:
    """Courses in a list, with the person's standings in them."""
    standings = cache.progress.standings([listed.course.id for listed in courses])
    return tuple(_course_node(listed, standings.get(listed.course.id)) for listed in courses)


def _course_node(listed: Listed, standing: Standing | None) -> CourseNode:
    """A course, with the person's standing in it; what the catalogue said of it where the cache has none."""
    course = listed.course
    return CourseNode(
        id=course.id,
        ref=course.slug,
        title=course.title,
        summary=course.summary,
        difficulty=course.difficulty,
        category=course.category,
        tags=course.tags,
        language=course.language,
        version=course.version,
        content_version=course.content_version,
        minutes=course.minutes,
        lesson_count=course.lesson_count,
        section_count=course.section_count,
        published=course.published,
        enrolled=standing.enrolled if standing else course.enrolled,
        available_offline=listed.downloaded,
        progress=rolled_up(standing.roll_up) if standing else _catalogued(course),
    )


def _catalogued(course: CatalogCourse) -> Progress:
    return Progress(
        percent=course.percent,
        completed_at=course.completed_at,
        active_seconds=course.active_seconds,
        score=_number(course.score),
        last_accessed_at=course.last_accessed_at,
    )


def lesson_node(content: LessonContent, states: dict[str, SectionState], roll_up: RollUp) -> LessonNode:
    """A lesson with its sections."""
    return LessonNode(
        id=content.id,
        ref=content.ref,
        title=content.lesson.title,
        minutes=content.lesson.minutes,
        objectives=content.lesson.objectives,
        keypoints=content.lesson.keypoints,
        body=content.lesson.body,
        sections=tuple(section_node(section, states.get(section.id, SectionState())) for section in content.sections),
        progress=rolled_up(roll_up),
    )


def section_node(content: SectionContent, state: SectionState) -> SectionNode:
    """A section with the person's progress in it."""
    return SectionNode(
        id=content.id,
        ref=content.ref,
        title=content.title,
        type=content.type,
        minutes=content.minutes,
        required=content.required,
        question_count=content.question_count,
        passed=_passed(content, state),
        progress=Progress(
            percent=100 if state.completed_at else 0,
            completed_at=state.completed_at,
            active_seconds=state.active_seconds,
            score=_number(state.score),
            last_accessed_at=state.last_accessed_at,
            attempts=state.attempts,
        ),
    )


def _passed(content: SectionContent, state: SectionState) -> bool | None:
    mark = content.facts.pass_mark
    if content.type is not SectionType.ASSESSMENT or mark is None or state.score is None:
        return None
    return float(state.score) >= mark


def rolled_up(roll_up: RollUp) -> Progress:
    """Progress of a lesson or a course."""
    return Progress(
        percent=roll_up.percent,
        completed_at=roll_up.completed_at,
        active_seconds=roll_up.active_seconds,
        score=_number(roll_up.score),
        last_accessed_at=roll_up.last_accessed_at,
    )


def place(row: PlaceRow | None) -> Place:
    """Where the person was; the beginning where they were nowhere."""
    return Place(block=row.block, quote=row.quote, ratio=row.ratio) if row else Place()


def _number(score: Decimal | None) -> float | None:
    return None if score is None else float(score)
