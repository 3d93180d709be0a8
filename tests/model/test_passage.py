"""What of a page is searched, and what is shown of it."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.course import Section, SectionType, Video
from lms_tui.model.passage import CLOSE, MAX_CHARACTERS, OPEN, marked, of_section, shown
from lms_tui.model.question import Answer, AnswerKey, Kind, Question

PAGE = f"""# The **pull**

Water `follows` the [moon](https://example.org/a "title"){{.class}}, ![a wave](wave.png).

::: callout
> 1. First of <b>all</b> <!-- not said -->

| low | high |
|-----|:----:|
| ebb | flood |
:::

::::: {{.solution}}
The answer is 42.

More of it.
:::::
:::: hint
Think.
::::

```bash
ls -v | head
```
{OPEN}forged{CLOSE} a_b 2 * 3 [[1]]
"""

SHORT = 1500
FOREIGN = (
    *(
        "foo\u00a0bar",
        "a\u2028b",
        "[[\u0661]] [[1]]",
        "\u0663. x",
        "3. x",
        "x\x1cy",
        "a\x85b",
        "  \u00a0\n- x",
        "\u00a0 x \u3000",
        "x\r\ny\fz",
    ),
    *("::: solution\u00e9 visible\nbody\n:::\n", "[a](b\u00a0c) d", "[a](b c) d", "-" * 500 + "x", " " * 500 + "x", "- " * 300),
)  # what is a blank, a digit or a letter is the same for everybody


def test_markup_is_not_searched() -> None:
    expected = "The pull Water follows the moon, a wave. First of all low high ebb flood ls -v | head forged a_b 2 * 3 …"
    assert shown(PAGE) == expected


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("Use `cmd 2>&1 | less`, a `*` and ``echo `date` ``.", "Use cmd 2>&1 | less, a * and echo `date` ."),
        ("```bash\nwc -l $1/*.$2 | sort -n  # <b>[x](y)</b> __init__\n```", "wc -l $1/*.$2 | sort -n # <b>[x](y)</b> __init__"),
        ("- ~~~\n  ls | wc\n  ```\n  ~~~\n- **on**", "ls | wc ``` on"),
        ("> ```\n> $ ls | wc > out\n> ```\nAfter.", "$ ls | wc > out After."),
        ("```\n::: solution\n```\nAfter.", "::: solution After."),
        ("a | b\n--|--\n1 | `x \\| y`\n\nnot | a row", "a b 1 x | y not | a row"),
        ("| a |\nb |\n| c", "a b c"),
        ("` one ``tick", "one tick"),
        ("::: callout\nA\n::: {#x .solution}\nB\n::: tip\nC\n:::\nD\n:::\nE\n:::\nF", "A E F"),
        ("::: spoiler\nA\n:::\nB\n> [!hint]- C\n> D\n\nE", "B E"),
        ("A\n<details><summary>B</summary>\nC\n</details>\nThe `<details>` D", "A The <details> D"),
        ("A <!-- B\nC --> D", "A D"),
        ("| -- the\n## A # b\n> 1. C", "-- the A # b C"),
    ],
)
def test_code_keeps_its_signs_tables_lose_their_bars_and_what_is_folded_is_not_searched(page: str, words: str) -> None:
    assert shown(page) == words


def test_a_section_is_its_text_its_transcript_and_its_questions_and_never_a_key() -> None:
    question = Question(key="q", kind=Kind.SINGLE, title="Twice", prompt="Which **one**?", options=("aardvark", "bear"), hints=("walrus",))
    key = AnswerKey(correct=(1,), answers=(Answer(text="lemur"),), feedback=("pelican",), explanation="otter", model_answer="okapi")
    section = Section(
        slug="s",
        title="S",
        type=SectionType.QUIZ,
        body="Read.",
        video=Video(transcript="They sink."),
        questions=(question,),
        keys={"q": key},
    )
    assert of_section(section) == "Read. They sink. Twice Which one?"
    assert of_section(Section(slug="s", title="S", type=SectionType.ASSESSMENT, questions=(question,), keys={"q": key})) == ""


@pytest.mark.parametrize("end", ["", "x", "\n", "`"])
@pytest.mark.parametrize("begin", ["", "|", "- ", "::: x ", "](a", "~~~ "])
@pytest.mark.parametrize(
    "part",
    [
        *(" ", "\t", "-", "\u0301", "`", "|", ":", ":::", "> ", "<!--", "::: solution\n", "](", "[", "<a ", "**", "| - ", "\n- "),
        *("~", "``` `", "``", "<details>\n", "\n|", ']("', "{", "{.", "1. "),
    ],
)
def test_a_page_of_markup_that_never_ends_takes_its_length_and_not_its_square(part: str, begin: str, end: str) -> None:
    def cost(length: int) -> float:
        page = begin + part * (length // len(part)) + end
        began = process_time()
        shown(page)
        return process_time() - began

    def least(length: int) -> float:  # of three, because Python's own housekeeping falls into one
        return min(cost(length) for _ in range(3))

    assert least(8 * SHORT) < 0.02 + 30 * least(SHORT), "eight times as long; its square would be 64 times"


def test_a_very_long_page_is_searched_in_part() -> None:
    assert len(shown("word " * MAX_CHARACTERS)) <= MAX_CHARACTERS


@given(st.text(alphabet=st.sampled_from(f'ab [](){OPEN}{CLOSE}*_`|#>\n-<!{{}}:"1.'), max_size=300))
def test_no_text_holds_a_mark_or_takes_long(text: str) -> None:
    assert not {OPEN, CLOSE} & set(shown(text))


@given(st.lists(st.tuples(st.text("ab ", min_size=1), st.booleans())))
def test_marks_part_a_text_without_loss(pieces: list[tuple[str, bool]]) -> None:
    text = "".join(f"{OPEN}{piece}{CLOSE}" if match else piece for piece, match in pieces)
    assert "".join(piece for piece, _ in marked(text)) == "".join(piece for piece, _ in pieces)
    assert "".join(piece for piece, match in marked(text) if match) == "".join(piece for piece, match in pieces if match)
