"""The questions of a run, a line each: number, what is asked in a few words, and how it stands."""

from textual.content import Content

from lms_tui.views.practice import SHAPES, Mark, PracticeRun, prompt
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import plain_line

MARK_COLOURS = {Mark.CORRECT: "$success", Mark.PARTLY: "$warning", Mark.WRONG: "$error", Mark.SAVED: "$accent"}


def question_lines(run: PracticeRun, width: int) -> list[Content]:
    """A line for each question of a run."""
    room = max(1, width - 22)
    lines = []
    for number, question in enumerate(run.questions, 1):
        mark = run.mark(question)
        title = foreign(question.title or plain_line(prompt(question))).truncate(room, ellipsis=True, pad=True)
        shape = (SHAPES[mark], MARK_COLOURS.get(mark, "$quiet"))
        lines.append(Content.assemble((f"{number:>2} ", "$quiet"), title, "  ", shape, f" {mark}"))
    return lines
