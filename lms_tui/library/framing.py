"""What a lesson says around its sections, as Markdown: the introduction above its first one, the key points below its last one."""

from collections.abc import Sequence

from lms_tui.cache.shelf import CourseContent, LessonContent


def introduction(content: CourseContent, lesson: LessonContent, section_id: str) -> str:
    """What stands above the first section of a lesson; above the first of all, the course's own welcome, too."""
    if not lesson.sections or lesson.sections[0].id != section_id:
        return ""
    welcome = content.course.body if lesson.id == next(other.id for other in content.lessons if other.sections) else ""
    asked = _box("questions", lesson.lesson.questions)
    return _joined(welcome, lesson.lesson.body, _box("objectives", lesson.lesson.objectives), asked)


def summary(lesson: LessonContent, section_id: str) -> str:
    """What stands below the last section of a lesson."""
    if not lesson.sections or lesson.sections[-1].id != section_id:
        return ""
    return _box("keypoints", lesson.lesson.keypoints)


def _box(name: str, points: Sequence[str]) -> str:
    if not points:
        return ""
    fence = ":" * (2 + max((len(run) for point in points for run in point.split() if set(run) == {":"}), default=1))
    items = "\n".join("- " + point.replace("\n", "\n  ") for point in points)
    return f"{fence} {name}\n{items}\n{fence}"


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())
