"""A run through questions: marks only get better, incomplete answers are seen, an order is kept."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.course import Rules, SectionType
from lms_tui.model.progress import QuestionState
from lms_tui.model.question import Grade, Kind, Question, Response
from lms_tui.views.nodes import CourseNode, Progress, SectionNode, SectionPage
from lms_tui.views.practice import Mark, PracticeRun, is_complete, mark_of, points, prompt, what_is_missing

AT = datetime(2026, 1, 5, tzinfo=UTC)
NO_RULES = Rules()
QUESTIONS = tuple(Question(key=f"q{n}", id=f"id-{n}", kind=Kind.TEXT, prompt="?", hints=("one", "two")) for n in range(4))


def page(kind: SectionType = SectionType.QUIZ, rules: Rules = NO_RULES, attempts: int = 0) -> SectionPage:
    section = SectionNode(id="s", ref="c/l/s", title="S", type=kind, progress=Progress(attempts=attempts))
    course = CourseNode(id="c", ref="c", title="C")
    return SectionPage(course=course, lesson_title="L", lesson_ref="c/l", section=section, questions=QUESTIONS, rules=rules)


def test_a_run_begins_at_the_first_open_question() -> None:
    tried = {"id-0": QuestionState(Decimal(1), AT), "id-1": QuestionState(Decimal("0.5"), AT)}
    run = PracticeRun(page(), tried, {})
    assert [run.mark(question) for question in QUESTIONS] == [Mark.CORRECT, Mark.PARTLY, Mark.OPEN, Mark.OPEN]
    assert run.at == 2
    assert not run.finished


def test_one_question_alone() -> None:
    run = PracticeRun(page(), {}, {}, only="q2")
    assert run.question.key == "q2"
    assert not run.step(1)


@given(st.lists(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]), min_size=1))
def test_the_best_answer_is_the_mark(won: list[Decimal]) -> None:
    run = PracticeRun(page(), {}, {})
    for value in won:
        run.graded(Grade(value, Decimal(1)))
    assert run.mark(run.question) is mark_of(max(won), Decimal(1))


def test_a_skipped_question_keeps_a_result_that_it_had() -> None:
    run = PracticeRun(page(), {"id-0": QuestionState(Decimal(1), AT)}, {})
    run.at = 0
    run.put(Mark.SKIPPED)
    assert run.mark(QUESTIONS[0]) is Mark.CORRECT


def test_hints_are_shown_one_by_one() -> None:
    run = PracticeRun(page(), {}, {})
    shown = [len(run.hints_shown)]
    while run.take_hint():
        shown.append(len(run.hints_shown))
    assert shown == [0, 1, 2]
    assert run.hints_shown == ("one", "two")
    run.step(1)
    assert not run.hints_shown


def test_shuffled_questions_stay_in_one_order_so_that_a_run_can_be_gone_on_with() -> None:
    runs = [PracticeRun(page(rules=Rules(shuffle=True), attempts=attempts), {}, {}) for attempts in range(5)]
    [order] = {tuple(question.key for question in run.questions) for run in runs}
    assert sorted(order) == sorted(question.key for question in QUESTIONS)
    assert order != tuple(question.key for question in QUESTIONS)


def test_an_assessment_sends_what_is_kept_and_complete() -> None:
    run = PracticeRun(page(SectionType.ASSESSMENT), {"id-3": QuestionState(Decimal(1), AT)}, {"id-0": "Kiel", "id-1": " ", "gone": "x"})
    assert [run.mark(question) for question in QUESTIONS] == [Mark.SAVED, Mark.OPEN, Mark.OPEN, Mark.OPEN]
    assert run.to_send() == {"id-0": "Kiel"}


def test_in_an_assessment_an_answer_counts_as_it_is_written() -> None:
    run = PracticeRun(page(SectionType.ASSESSMENT), {}, {})
    run.skip()
    run.write("")
    assert run.mark(run.question) is Mark.SKIPPED
    run.write("Kiel")
    run.skip()
    assert run.mark(run.question) is Mark.SAVED
    run.write(" ")
    assert run.mark(run.question) is Mark.OPEN
    assert run.to_send() == {}


@pytest.mark.parametrize(
    ("kind", "response", "complete"),
    [
        (Kind.SINGLE, 1, True),
        (Kind.SINGLE, None, False),
        (Kind.MULTIPLE, [], False),
        (Kind.MULTIPLE, [2], True),
        (Kind.ORDER, [2, 1], True),
        (Kind.ORDER, [2, 2], False),
        (Kind.ORDER, "21", False),
        (Kind.MATCHING, [1, 0], False),
        (Kind.MATCHING, [1, 1], True),
        (Kind.BLANKS, ["a", " "], False),
        (Kind.BLANKS, ["a", "b"], True),
        (Kind.SELF_MARKED, {"text": " "}, False),
        (Kind.SELF_MARKED, {"text": "x", "points": 0}, True),
        (Kind.TEXT, "", False),
        (Kind.NUMERIC, "1", True),
        (Kind.CODE_OUTPUT, None, False),
    ],
)
def test_completeness(kind: Kind, response: Response, complete: bool) -> None:
    question = Question(key="q", kind=kind, prompt="?", options=("a", "b"), stems=("x", "y"), gaps=((), ()))
    assert is_complete(question, response) is complete


def test_points_and_prompts_as_people_read_them() -> None:
    assert [points(Decimal(text)) for text in ("1.0000", "0.5000", "10", "0")] == ["1", "0.5", "10", "0"]
    assert prompt(Question(key="q", kind=Kind.BLANKS, prompt="a [[1]] b")) == r"a **\[1\]** b"
    assert prompt(Question(key="q", kind=Kind.TEXT, prompt="a [[1]] b")) == "a [[1]] b"


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ([0, 0, 0], "Type one of the numbers above, 1 to 4, on lines 1, 2 and 3."),
        ([1, 19, 2], "Type one of the numbers above, 1 to 4, on line 2."),
        ([19, 2, 43], "Type one of the numbers above, 1 to 4, on lines 1 and 3."),
    ],
)
def test_what_is_missing_of_pairs_is_said_with_its_lines(response: Response, said: str) -> None:
    pairs = Question(key="q", kind=Kind.MATCHING, prompt="?", stems=("a", "b", "c"), options=("w", "x", "y", "z"))
    assert not is_complete(pairs, response)
    assert what_is_missing(pairs, response) == said


@pytest.mark.parametrize(
    ("gaps", "said"),
    [(((), ()), "Fill every gap."), (((), ("a", "b")), "Fill every gap; where choices are listed, with the number of one.")],
)
def test_choices_are_spoken_of_where_a_gap_has_some(gaps: tuple[tuple[str, ...], ...], said: str) -> None:
    assert what_is_missing(Question(key="q", kind=Kind.BLANKS, prompt="[[1]] [[2]]", gaps=gaps), ["", ""]) == said
