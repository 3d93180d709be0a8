"""Questions of every kind: what is said of the parts of an answer, options in another order, one question out of a summary."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from lms_tui.library import Library
from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.grading import grade, right_parts
from lms_tui.model.question import Answer, AnswerKey, Kind, Question
from lms_tui.screens.practice import PracticeScreen
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import PracticeRun
from lms_tui.widgets.feedback import part_names, said
from lms_tui.widgets.question_form import ChoiceForm, MatchingForm, QuestionForm
from tests.screens.driving import Opened, press, settled, text_of, write
from tests.screens.sample import ident, put_into_cache

PRACTICE = ("o", "down", "down", "enter")
KINDS = ("o", *["down"] * 5, "enter")


# --- parts


async def test_a_partly_right_answer_says_which_parts_are_right(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, *KINDS, "f3")
        await write(pilot, "moon")
        await press(pilot, "tab")
        await write(pilot, "2")
        shown = await press(pilot, "enter")
        assert "Partly right · 0.5 of 1 point" in shown
        assert "✓ right    [1] moon" in shown
        assert "✗ not yet  [2] sea" in shown
        assert "[2] Earth" not in shown
        assert "[2] Earth" in await press(pilot, "w")


async def test_pairs_are_told_in_words(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides(size=(80, 40)) as pilot:
        await press(pilot, *KINDS, "f3", "f3", "2", "tab", "2")
        shown = await press(pilot, "enter")
        assert "✓ right    full moon → spring tide" in shown
        assert "✗ not yet  half moon → spring tide" in shown
        assert "half moon → neap tide" in await press(pilot, "w")


@given(st.data())
def test_the_parts_that_are_right_are_the_points_that_are_won(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([Kind.MATCHING, Kind.ORDER, Kind.BLANKS]))
    size = data.draw(st.integers(1, 5))
    right = tuple(data.draw(st.permutations(range(1, size + 1))))
    response: list[object] = list(data.draw(st.permutations(range(1, size + 1))))
    options = tuple(f"option {number}" for number in range(1, size + 1))
    question = Question(key="q", kind=kind, prompt="?", options=options, stems=options, gaps=((),) * size)
    key = AnswerKey(correct=right, gaps=tuple((Answer(text=str(number)),) for number in right), partial=True)
    if kind is Kind.BLANKS:
        response = [str(number) for number in response]
    parts = right_parts(question, key, response)
    assert len(parts) == size == len(part_names(question, response, range(1, size + 1)))
    won = grade(question, key, response)
    assert abs(float(won.points) - sum(parts) / size) < 0.001


# --- another order


def _run(learner: str, question: Question) -> PracticeRun:
    section = Section(slug="s", title="S", id=ident("s"), type=SectionType.QUIZ, questions=(question,))
    return PracticeRun(_page(section), {}, {}, learner=learner)


def _page(section: Section) -> SectionPage:
    put_into_cache(Course(slug="c", title="C", id=ident("c"), lessons=(Lesson(slug="l", title="L", id=ident("l"), sections=(section,)),)))
    library = Library.open(offline=True)
    try:
        return library.page("c/l/s")
    finally:
        library._cache.close()


def test_options_stand_in_another_order_for_each_learner_and_run_and_the_same_within_one() -> None:
    question = Question(key="q", id=ident("q"), kind=Kind.SINGLE, prompt="?", options=tuple("abcdef"), shuffle=True)
    run = _run("Ada", question)
    assert sorted(run.order) == [1, 2, 3, 4, 5, 6]
    assert run.order == run.order == _run("Ada", question).order
    assert len({_run(learner, question).order for learner in ("Ada", "Bob", "Eve", "Joe")}) > 1
    orders = set()
    for _ in range(4):
        orders.add(run.order)
        run.begin_again()
    assert len(orders) > 1


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.MATCHING])
def test_items_stay_where_the_import_put_them(kind: Kind) -> None:
    question = Question(key="q", id=ident("q"), kind=kind, prompt="?", options=tuple("abcdef"), stems=tuple("abcdef"), shuffle=True)
    assert _run("Ada", question).order == (1, 2, 3, 4, 5, 6)


class _Form(App[None]):
    def __init__(self, form: QuestionForm) -> None:
        super().__init__()
        self.form = form

    def compose(self) -> Iterator[QuestionForm]:
        yield self.form


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1), (3, 2, 1)])
@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.MULTIPLE])
async def test_a_response_has_the_numbers_of_the_source_and_a_draft_comes_back(kind: Kind, order: tuple[int, ...]) -> None:
    question = Question(key="q", kind=kind, prompt="?", options=("one", "two", "three"))
    for draft in ([1], [2], [3]):
        form = ChoiceForm(question, draft if kind is Kind.MULTIPLE else draft[0], order)
        async with _Form(form).run_test() as pilot:
            assert form.response == (draft if kind is Kind.MULTIPLE else draft[0])
            form.take_keys()
            await pilot.press("3")
            chosen = order[2]
            if kind is Kind.SINGLE:
                assert form.response == chosen
                assert said(question, form.response, order) == "you chose 3"
            else:
                assert form.response == sorted({*draft, chosen} if [chosen] != draft else set())


async def test_the_hundredth_match_can_be_typed() -> None:
    names = tuple(str(number) for number in range(1, 101))
    form = MatchingForm(Question(key="q", kind=Kind.MATCHING, prompt="?", stems=names[:2], options=names), None)
    async with _Form(form).run_test() as pilot:
        form.take_keys()
        await pilot.press(*"1000")
        assert form.response == [100, 0]


async def test_feedback_is_that_of_the_option_whatever_its_place(app_with_tides: Callable[..., Opened]) -> None:
    question = Question(
        key="where", id=ident("where"), kind=Kind.SINGLE, prompt="Where?", options=("here", "there", "nowhere", "elsewhere"), shuffle=True
    )
    key = AnswerKey(correct=(2,), feedback=("Said of here.", "Said of there.", "Said of nowhere.", "Said of elsewhere."))
    section = Section(slug="quiz", title="Quiz", id=ident("o/quiz"), type=SectionType.QUIZ, questions=(question,))
    lesson = Lesson(slug="l", title="L", id=ident("o/l"), sections=(section,))
    put_into_cache(Course(slug="o", title="Orders", id=ident("o"), lessons=(lesson,)), keys={question.id or "": key})
    async with app_with_tides() as pilot:
        from lms_tui.screens.opening import open_section

        open_section(pilot.app.screen, "o/l/quiz")  # type: ignore[arg-type]
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        lines = [line.strip() for line in text_of(pilot).splitlines()]
        drawn = [line.split()[-1] for line in lines if line[:1] in ("▌", "(") and line.split()[-1] in question.options]
        assert [question.options[number - 1] for number in screen._run.order] == drawn
        for place, option in enumerate(drawn, 1):
            shown = await press(pilot, str(place), "enter")
            assert f"Said of {option}." in shown
            assert f"you chose {place}" in shown
            if option != "there":
                assert f"A right answer: {drawn.index('there') + 1}" in await press(pilot, "w")
            await press(pilot, "r")


# --- one question out of a summary


async def test_a_question_is_opened_out_of_the_summary_and_one_comes_back(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        summary = await press(pilot, *PRACTICE, "1", "enter", "enter", "s", "f3")
        assert "0 of 3 questions correct" in summary
        assert "Enter goes on to" in summary
        assert "Enter opens question 1" in await press(pilot, "down")
        assert "question 1 of 3" in await press(pilot, "enter")
        shown = await press(pilot, "2", "enter", "enter")
        assert "1 of 3 questions correct" in shown
        assert "Enter opens question 3" in await press(pilot, *["down"] * 7)
        assert "Enter goes on to" in await press(pilot, *["up"] * 3)


async def test_a_click_on_a_line_of_the_summary_opens_it(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        lines = (await press(pilot, *PRACTICE, "s", "s", "f3")).splitlines()
        row = next(number for number, line in enumerate(lines) if "How many" in line)
        await pilot.click(offset=(10, row))
        await settled(pilot)
        assert "question 3 of 3" in text_of(pilot)
        assert "│ 12" in await press(pilot, "1", "2")
        assert "questions correct" in await press(pilot, "escape")
