"""Views as linear text: no colour, no boxes, one thing a line, so that a pipe, a braille line or a voice can follow."""

from lms_tui.cli.running import say
from lms_tui.model.catalog import Filters
from lms_tui.model.course import SectionType
from lms_tui.model.question import Question
from lms_tui.views.answering import Answered
from lms_tui.views.assessing import AttemptNode
from lms_tui.views.catalog import bring_words, filter_words, none_sentence
from lms_tui.views.health import Health
from lms_tui.views.importing import ImportReport
from lms_tui.views.nodes import ContinueCard, CourseList, CourseNode, Done, Outline, SectionPage, Study, SyncReport
from lms_tui.views.practice import WHAT_TO_DO, points
from lms_tui.views.syncing import sent_words
from lms_tui.views.words import TYPE_WORDS, counted, draft, minutes, standing_of, state

_WIDTH = 78


def courses(page: CourseList, may_import: bool, filters: Filters) -> None:
    """The catalogue, a course a paragraph."""
    if not page.items:
        say(f"{none_sentence(filters)} {_instead(filters, may_import)}")
    for node in page.items:
        say(f"{node.ref}: {node.title}")
        facts = [counted(node.lesson_count, "lesson"), counted(node.section_count, "section"), *_minutes(node)]
        say("  " + ", ".join([*facts, _standing(node)]))
        if node.summary:
            say(f"  {node.summary}")
    if page.previous:
        say(f"Before these: the same with --before {page.previous}")
    if page.next:
        say(f"More: the same with --after {page.next}")


def _instead(filters: Filters, may_import: bool) -> str:
    if filter_words(filters):
        return "Without these options, lms-tui catalog lists all courses."
    return bring_words(may_import)


def _minutes(node: CourseNode) -> list[str]:
    return [minutes(node.minutes * 60)] if node.minutes else []


def _standing(node: CourseNode) -> str:
    return ", ".join([*draft(node), f"{node.progress.percent} % done" if node.enrolled else "not taken"])


def left(result: tuple[CourseNode, bool]) -> None:
    """That a course was left, or was not taken."""
    node, taken = result
    say(f"You left {node.title}. What you did in it is kept." if taken else f"You do not take {node.title}, so there was nothing to leave.")


def outline(view: Outline) -> None:
    """A course: its lessons and sections with their standing."""
    say(view.course.title)
    if view.course.summary:
        say(view.course.summary)
    say(f"{_standing(view.course)}, {minutes(view.course.progress.active_seconds)} of active time")
    for number, lesson in enumerate(view.lessons, 1):
        say()
        say(f"Lesson {number}: {lesson.title} ({lesson.progress.percent} %)")
        for section in lesson.sections:
            say(f"  {standing_of(section):<10} {section.title} [{TYPE_WORDS[section.type]}] {section.ref}")


def page(view: SectionPage) -> None:
    """A section as linear text, its questions with numbered options."""
    from lms_tui.views.reading import above_the_questions

    say(f"{view.course.title} > {view.lesson_title} > {view.section.title} ({view.number} of {view.count})")
    say()
    _text(above_the_questions(view))
    if view.entry is not None:
        say()
        say(view.entry.sentence.replace("Enter begins", "lms-tui answer begins").replace("Enter goes on", "lms-tui answer goes on"))
    for number, question in enumerate(view.questions, 1):
        say()
        _question(number, question)
    if view.summary:
        say()
        _text(view.summary)
    if view.next:
        say()
        say(f"Next: lms-tui read {view.next}")


def _text(markdown: str) -> None:
    from lms_tui.views.document import Document
    from lms_tui.views.plain import plain_lines

    for line in plain_lines(Document(markdown), _WIDTH):
        say(line)


def _question(number: int, question: Question) -> None:
    say(f"Question {number} ({question.key}): {question.title}".rstrip(": "))
    _text(question.prompt)
    for stem in question.stems:
        say(f"  {stem} -> ?")
    for option, text in enumerate(question.options, 1):
        say(f"  {option}. {text}")
    for gap, choices in enumerate(question.gaps, 1):
        say(f"  [[{gap}]] " + (" or ".join(choices) if choices else "to be typed"))
    worth = f"{points(question.points)} point{'' if question.points == 1 else 's'}"
    say(f"  ({WHAT_TO_DO[question.kind]}; {worth})")


def next_up(card: ContinueCard | None) -> None:
    """Where to go on, and the command that goes there."""
    if card is None:
        say("Nothing is waiting. Find a course with: lms-tui catalog")
        return
    say(f"{card.course.title} > {card.lesson_title} > {card.section.title}")
    say(f"lms-tui read {card.section.ref}")


def done(view: Done) -> None:
    """What was recorded, and what becomes of what is not sent."""
    for node in view.items:
        say(f"Done: {node.title}")
    for course in view.taken:
        say(f"You take {course.title}{'' if state(course.progress) == 'not begun' else ' again'}.")
    if view.unsent:
        say(view.unsent)


def answered(view: Answered) -> None:
    """Each question's grade, and the section's score."""
    for result in view.results:
        if result.correct is None:
            if view.attempt is None:
                say(f"{result.key}: recorded; the database grades it")
            continue
        say(f"{result.key}: {'correct' if result.correct else 'not yet'}, {result.points:g} of {result.out_of:g} points")
        for text in result.feedback:
            say(f"  {text}")
    if view.attempt is not None:
        say(view.receipt)
        if view.attempt.score is not None:
            say(f"Score: {view.attempt.score:g} %{_passed(view.attempt)}")
    if view.section.type in (SectionType.QUIZ, SectionType.ASSESSMENT) and view.section.progress.score is not None:
        say(f"Best score: {view.section.progress.score:g} %")
    if view.unsent:
        say(view.unsent)


def _passed(attempt: AttemptNode) -> str:
    return "" if attempt.passed is None else ", passed" if attempt.passed else ", not passed"


def study(view: Study) -> None:
    """Totals, then courses, then days."""
    say(f"Active time: {minutes(view.active_seconds)}, today {minutes(view.active_seconds_today)}")
    say(f"Done: {counted(view.sections_completed, 'section')}, {counted(view.courses_completed, 'course')}")
    say(f"Days in a row: {view.streak_days}")
    if view.average_score is not None:
        say(f"Average of best scores: {view.average_score:g} %")
    for node in view.courses:
        say(f"{node.title}: {node.progress.percent} %, {minutes(node.progress.active_seconds)}")
    for day in view.days:
        say(f"{day.date}: {minutes(day.active_seconds)}, {day.completed} done, {day.answered} answered")


def imported(report: ImportReport) -> None:
    """What was brought in, and what the importer has to say about it."""
    say(f"{'Imported' if report.changed else 'Nothing changed in'} {report.title} ({report.ref})")
    say(f"  {counted(report.lesson_count, 'lesson')}, {counted(report.question_count, 'question')}")
    say("  sections: " + ", ".join(f"{count} {name}" for name, count in report.sections.items()))
    if not report.published:
        say(f"  It is a draft; everybody sees it after: lms-tui publish {report.ref}")
    for warning in report.warnings:
        line = f":{warning.line}" if warning.line else ""
        say(f"  {warning.file}{line}: {warning.message}")


def synced(report: SyncReport) -> None:
    """What a run of sync did."""
    if report.state != "idle":
        say(f"{report.state.capitalize()}: {counted(report.pending, 'event')} queued, nothing lost. {report.reason}".strip())
        return
    say(f"{sent_words(report) or 'Nothing had to be sent'}.")
    say(f"Queued: {report.pending}")


def health(view: Health) -> None:
    """Each check with a word, and what to do where it does not work."""
    for check in view.checks:
        say(f"{'ok  ' if check.ok else 'look'} {check.name}: {check.detail}")
        if check.hint and not check.ok:
            say(f"     {check.hint}")
