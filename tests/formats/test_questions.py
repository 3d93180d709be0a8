"""The nine kinds of question, as written in Markdown."""

from decimal import Decimal
from typing import Any

import pytest

from lms_tui.formats.imported import Findings
from lms_tui.formats.questions import Source, question_title, read_question
from lms_tui.model.errors import BadInput
from lms_tui.model.grading import grade
from lms_tui.model.question import AnswerKey, Kind, Question


def asked(text: str, heading: str = "Title") -> tuple[Question, AnswerKey]:
    title, attributes = question_title(heading)
    return read_question(Source(file="x.quiz.md", line=10, text=text, key="q", title=title, attributes=attributes), Findings())


def refusal(text: str, heading: str = "Title") -> str:
    with pytest.raises(BadInput) as refused:
        asked(text, heading)
    return refused.value.message


def wins(of: tuple[Question, AnswerKey], response: Any) -> bool:
    return grade(*of, response).correct


def test_single_choice() -> None:
    question, key = asked("Which *one*?\n\n- [ ] `ls`\n  > Lists.\n  >\n  > Twice.\n- [x] `pwd`\n  and more")
    assert (question.kind, question.prompt) == (Kind.SINGLE, "Which *one*?")
    assert question.options == ("`ls`", "`pwd`\nand more")
    assert (key.correct, key.feedback) == ((2,), ("Lists.\n\nTwice.", ""))


def test_round_brackets_and_a_list_in_an_option() -> None:
    question, key = asked("Which?\n\n* ( ) one\n\n  ```sh\n  ls\n  ```\n\n* (x) two\n")
    assert question.options == ("one\n\n```sh\nls\n```", "two")
    assert key.correct == (2,)


def test_multiple_choice() -> None:
    question, key = asked("Which?\n- [x] a\n- [X] b\n- [ ] c", "T {partial}")
    assert (question.kind, key.correct, key.partial) == (Kind.MULTIPLE, (1, 2), True)
    assert asked("Which?\n- [x] a\n- [ ] b", "T {multiple}")[0].kind is Kind.MULTIPLE
    assert asked("Which?\n- [x] a\n- [ ] b", "T {type=multiple}")[0].kind is Kind.MULTIPLE


@pytest.mark.parametrize(
    ("answer", "low", "high"),
    [
        ("1024", "1024", "1024"),
        ("3.14 +- 0.005", "3.135", "3.145"),
        ("3.14±1%", "3.1086", "3.1714"),
        ("-2 +/- 10%", "-2.2", "-1.8"),
        ("1..63", "1", "63"),
        ("-5 .. -1.5", "-5", "-1.5"),
        ("1e3", "1000", "1000"),
        (".5", "0.5", "0.5"),
        ("0.1 +- 0.2", "-0.1", "0.3"),
    ],
)
def test_numbers_are_closed_ranges(answer: str, low: str, high: str) -> None:
    question, key = asked(f"How many?\n\n- = {answer}\n- != 7\n  > Too many.")
    right, wrong = key.answers
    assert (question.kind, right.low, right.high, right.correct) == (Kind.NUMERIC, low, high, True)
    assert (wrong.low, wrong.correct, wrong.feedback) == ("7", False, "Too many.")
    assert wins((question, key), low)
    assert wins((question, key), high)


def test_text() -> None:
    question, key = asked("What?\n\n- = pwd\n- = `cd ~`\n- = /ls( -l)?/\n  > Lists.\n- != 12")
    assert question.kind is Kind.TEXT
    assert [answer.text or answer.pattern for answer in key.answers] == ["pwd", "cd ~", "ls(?: -l)?", "12"]
    assert all(wins((question, key), response) for response in ("PWD", "cd ~", "ls -l"))
    assert not wins((question, key), "12")
    assert asked("What?\n- = 755", "T {type=text}")[0].kind is Kind.TEXT
    assert not wins(asked("What?\n- = Pwd", "T {case}"), "pwd")


def test_gaps() -> None:
    question, key = asked("The [[pwd]] and\n[[cd|chdir]] of [[=2+-0]] is [[ (a) | b | c ]].\n\n- item [[/x+/]]\n")
    assert question.kind is Kind.BLANKS
    assert question.prompt == "The [[1]] and\n[[2]] of [[3]] is [[4]].\n\n- item [[5]]"
    assert question.gaps[:3] == ((), (), ())
    assert sorted(question.gaps[3]) == ["a", "b", "c"]
    assert wins((question, key), ["pwd", "CHDIR", "2.0", "a", "xxx"])
    assert not wins((question, key), ["pwd", "cd", "2", "b", "x"])


def test_code_has_no_gaps() -> None:
    question, _ = asked("Run `[[ -f x ]]` and [[this]]:\n\n```bash\nif [[ -f y ]]; then\n```\n\n    [[ -f z ]]\n\n- `[[ a ]]`")
    assert question.prompt.count("[[1]]") == 1
    assert len(question.gaps) == 1
    assert all(f"[[ {code} ]]" in question.prompt for code in ("-f x", "-f y", "-f z", "a"))


def test_double_brackets_above_answers_are_text() -> None:
    question, _ = asked("What does [[ -f x ]] test?\n\n- [x] a file\n- [ ] a folder")
    assert (question.kind, question.prompt) == (Kind.SINGLE, "What does [[ -f x ]] test?")


def test_matching() -> None:
    question, key = asked("Match.\n\n- `a -> b` -> arrow\n- `ls` -> lists\n- `cd` -> moves\n- `dir` -> lists")
    assert question.kind is Kind.MATCHING
    assert question.stems == ("`a -> b`", "`ls`", "`cd`", "`dir`")
    assert sorted(question.options) == ["arrow", "lists", "moves"]
    assert [question.options[number - 1] for number in key.correct] == ["arrow", "lists", "moves", "lists"]
    assert question.options != ("arrow", "lists", "moves")


def test_order() -> None:
    question, key = asked("Order.\n\n1. one\n2. two\n3. three", "T {type=order}")
    assert question.kind is Kind.ORDER
    assert question.options != ("one", "two", "three")
    assert [question.options[number - 1] for number in key.correct] == ["one", "two", "three"]
    assert asked("Order.\n\n1. one\n2. two\n3. three", "T {type=order}") == (question, key)


@pytest.mark.parametrize("count", range(2, 9))
def test_a_listing_never_tells_the_key(count: int) -> None:
    items = "\n".join(f"{number}. item {number}" for number in range(count))
    pairs = "\n".join(f"- stem {number} -> right {number}" for number in range(count))
    for text, heading in ((items, "T {type=order}"), (pairs, "T")):
        _, key = asked(f"Do.\n\n{text}", heading)
        assert sorted(key.correct) == list(range(1, count + 1)) != list(key.correct)


def test_code_output() -> None:
    question, key = asked("What is printed?\n\n```python\nprint(0)\n```\n\n```answer\n 0 1\n\n2\n```\n\nBecause.")
    assert (question.kind, question.prompt) == (Kind.CODE_OUTPUT, "What is printed?\n\n```python\nprint(0)\n```")
    assert key.answers[0].text == " 0 1\n\n2"
    assert key.explanation == "Because."


def test_self_marked() -> None:
    question, key = asked("Explain.\n\n- a point\n- another -> with an arrow\n\n> A quotation.\n\n> [!ANSWER]\n> It is\n>\n> so.")
    assert question.kind is Kind.SELF_MARKED
    assert question.prompt.endswith("> A quotation.")
    assert key.model_answer == "It is\n\nso."
    assert asked("Tick what you did.\n- [ ] this", "T {type=self_marked}")[0].kind is Kind.SELF_MARKED


def test_hints_and_explanation() -> None:
    question, key = asked(
        "What?\n\n> [!HINT]\n> First.\n\n- [x] a\n- [ ] b\n\n> [!hint] Second\n> line.\n\n> [!EXPLANATION]\n> Because `a`.\n\nAnd\nmore."
    )
    assert question.hints == ("First.", "Second\nline.")
    assert question.prompt == "What?"
    assert key.explanation == "Because `a`.\n\nAnd\nmore."


def test_attributes_of_the_heading() -> None:
    question, _ = asked("What?\n- = x", "The `a` {b} {#id points=2.50 shuffle=true}")
    assert (question.title, question.points, question.shuffle) == ("The a {b}", Decimal("2.5"), True)


@pytest.mark.parametrize(
    ("text", "heading", "says"),
    [
        ("Q\n\n- [ ] a\n- [ ] b", "T", "x.quiz.md:12: no option is marked"),
        ("Q\n\n- [x] a\n- b", "T", "x.quiz.md:13: each item"),
        ("Q\n\n- [x] a", "T", "x.quiz.md:12: a choice needs at least two"),
        ("Q\n\n- [x] a\n- [ ]", "T", "none of them empty"),
        ("Q\n\n- [x] a\n- [x] b", "T {type=single}", "exactly one"),
        ("Q\n\n- = /(a+)+/", "T", "x.quiz.md:12: the pattern /(a+)+/ cannot be used"),
        ("Q\n\n- = x\n- = /\\w/", "T", "x.quiz.md:13: the pattern"),
        ("Q\n\n- = 5..1", "T", "x.quiz.md:12: no number is in the range"),
        ("Q\n\n- = 5 +- -1", "T", "no number is in the range"),
        ("Q\n\n- = many", "T {type=numeric}", "is not a number"),
        ("Q\n\n- = 9" + "9" * 500, "T {type=numeric}", "is not a number"),
        ("Q\n\n- =", "T", "x.quiz.md:12: an answer is empty"),
        ("Q\n\n- != x", "T", "no answer is right"),
        ("Q [[ ]]", "T", "x.quiz.md:10: an answer is empty"),
        ("Q [[ (a) | a ]]", "T", "must differ"),
        ("Q\n\n- a -> b", "T", "at least two pairs"),
        ("Q\n\n1. a\n2. a", "T {type=order}", "differ"),
        ("Q\n\n- a", "T {type=order}", "needs a numbered list"),
        ("Q", "T {type=riddle}", "no kind of question 'riddle'"),
        ("Q\n\n- [x] a\n- [ ] b\n\nand\n\n- = c", "T", "x.quiz.md:17: a question has two lists"),
        ("Q\n- = x", "T {points=0}", "points=0"),
        ("Q\n- = x", "T {points=many}", "points=many"),
        ("Q\n- = x", "T {points=1e50}", "points=1e50"),
        ("Q\n- = x", "T {points=0.00001}", "points=0.00001"),
        ("", "", "asks nothing"),
    ],
)
def test_what_cannot_work_is_refused_with_its_line(text: str, heading: str, says: str) -> None:
    assert says in refusal(text, heading)


def test_an_unknown_attribute_is_told() -> None:
    findings = Findings()
    title, attributes = question_title("T {ponts=2}")
    read_question(Source(file="x", line=3, text="Q\n- = x", key="q", title=title, attributes=attributes), findings)
    assert [(warning.line, "ponts" in warning.message) for warning in findings.warnings] == [(3, True)]


def _many(item: str, count: int, before: str = "Q?\n\n") -> str:
    return before + "\n".join(item.format(number) for number in range(count))


@pytest.mark.parametrize(
    ("item", "heading", "line", "what"),
    [
        ("- [x] {}", "T", 112, "options"),
        ("- = {}", "T", 112, "answers"),
        ("- a{0} -> b{0}", "T", 112, "pairs"),
        ("1. {}", "T {type=order}", 112, "items to put in order"),
        ("```answer\n{}\n```", "T", 312, "answers"),
        ("[[a{}]]", "T", 12, "gaps"),
    ],
)
def test_a_question_has_no_more_parts_than_can_be_shown(item: str, heading: str, line: int, what: str) -> None:
    asked(_many(item, 100), heading)
    said = refusal(_many(item, 101), heading)
    assert f"a question has more than 100 {what}" in said
    assert f"x.quiz.md:{line}" in said.replace(", line ", ":")


def test_a_gap_has_no_more_choices_than_can_be_shown() -> None:
    choices = "(right)|" + "|".join(f"c{number}" for number in range(99))
    asked(f"Q [[{choices}]]?")
    assert "a gap has more than 100 choices" in refusal(f"Q [[{choices}|more]]?")


def test_a_long_list_of_the_prompt_is_no_list_of_answers() -> None:
    question, _ = asked(_many("- fact {}", 3000) + "\n\nHow many?\n\n- = 3000")
    assert question.kind is Kind.NUMERIC
    assert "- fact 2999" in question.prompt
