"""The questions of a run, a line each: number, what is asked in a few words, and how it stands. A click asks one."""

from textual.content import Content
from textual.style import Style

from lms_tui.views.practice import SHAPES, Mark, PracticeRun, prompt
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import plain_line

MARK_COLOURS = {Mark.CORRECT: "$success", Mark.PARTLY: "$warning", Mark.WRONG: "$error", Mark.SAVED: "$accent"}


def asks(at: int) -> Style:
    """What a click on the question at a place in the run does."""
    return Style.from_meta({"@click": f"screen.ask({at})"})


def question_lines(run: PracticeRun, width: int, at: int | None = None) -> list[Content]:
    """A line for each question of a run; where there is a cursor, the one ``at`` it is marked."""
    room = max(1, width - 22 - (at is not None))
    lines = []
    for number, question in enumerate(run.questions, 1):
        mark = run.mark(question)
        title = foreign(question.title or plain_line(prompt(question))).truncate(room, ellipsis=True, pad=True)
        shape = (SHAPES[mark], MARK_COLOURS.get(mark, "$quiet"))
        cursor = "" if at is None else ("▌" if number == at + 1 else " ", "$accent")
        line = Content.assemble(cursor, (f"{number:>2} ", "$quiet"), title, "  ", shape, f" {mark}")
        lines.append(line.stylize(asks(number - 1)))
    return lines
