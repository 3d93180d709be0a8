"""Wrapping keeps every letter and every line within its width, whatever the script."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lms_tui.widgets.lines import Part, chop, steady, width_of, wrap

TEXT = st.text(alphabet=st.sampled_from("abc def,.\n\u00a0\u200d日本語、。한글éе\u0301😀👍🏽-_/"), max_size=80)


def lines(text: str, width: int) -> list[str]:
    return ["".join(part.text for part in broken.parts) for broken in wrap([Part(text)], width)]


def test_text_breaks_at_blanks_and_says_what_stood_there() -> None:
    broken = wrap([Part("one two  three\nfour")], 8)
    assert ["".join(part.text for part in line.parts) for line in broken] == ["one two", "three", "four"]
    assert [line.glue for line in broken] == ["\n", " ", "\n"]


def test_a_word_of_several_looks_is_one_word() -> None:
    broken = wrap([Part("a "), Part("bold", ("strong",)), Part("ly said")], 8)
    assert ["".join(part.text for part in line.parts) for line in broken] == ["a boldly", "said"]
    assert broken[0].parts == (Part("a "), Part("bold", ("strong",)), Part("ly"))


def test_wide_text_breaks_between_letters_but_not_before_a_stop() -> None:
    assert lines("日本語の文章。次", 12) == ["日本語の文", "章。次"]
    assert lines("한글 텍스트", 6) == ["한글", "텍스트"]


def test_long_words_are_split_and_a_hard_space_is_kept() -> None:
    assert lines("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert lines("a\u00a0b c", 3) == ["a\u00a0b", "c"]
    assert lines("__\u00a0\u0301", 2) == ["__", "\u00a0\u0301"]


@given(TEXT, st.integers(2, 30))
@settings(deadline=None)
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    broken = wrap([Part(text)], width)
    assert all(width_of(line.parts) <= width for line in broken)
    assert "".join("".join(part.text for part in line.parts) for line in broken).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(st.lists(TEXT.map(lambda text: text.replace("\n", "")), max_size=4), st.integers(2, 30))
@settings(deadline=None)
def test_code_is_chopped_without_losing_a_blank(texts: list[str], width: int) -> None:
    chopped = list(chop([Part(text) for text in texts], width))
    assert all(width_of(parts) <= width for parts in chopped)
    assert "".join(part.text for parts in chopped for part in parts) == "".join(texts)


def test_emoji_that_terminals_measure_differently_are_made_steady() -> None:
    assert steady("👩\u200d👩\u200d👧 ❤\ufe0f") == "👩👩👧 ❤"
    assert cell_len(steady("👩\u200d👩\u200d👧")) == 6
    assert steady("क्\u200dष") == "क्\u200dष"
    assert steady("\u200d\u200d👩\u200d漢\u200da\u200d") == "👩漢a"


def test_code_of_joiners_alone_is_chopped() -> None:
    for text in ("\u200d\u200d漢", "a\u200d\u200d漢b", "\u200d"):
        assert "".join(part.text for parts in chop([Part("aaaaa"), Part(text)], 6) for part in parts) == "aaaaa" + text
