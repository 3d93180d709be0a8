"""Questions written as Markdown: the nine kinds, with hints, feedback, explanation and model answer.

Tokens only locate blocks; prompts, options and feedback are slices of the source and stay Markdown.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from lms_tui.formats.answers import Gap, is_number, number_answer, shuffled, take_gaps, text_answer
from lms_tui.formats.imported import Findings, bad
from lms_tui.formats.markdown import Block, blocks, code_spans, in_code, lines_of, plain, unquoted
from lms_tui.model.attributes import Attributes, parse_attributes
from lms_tui.model.grading import number
from lms_tui.model.question import Answer, AnswerKey, Kind, Question

MAX_POINTS = 10_000
MOST_PARTS = 100  # options, pairs, items, answers or gaps of a question: more could not be shown with ease

_OPTION = re.compile(r"(?:\[([ xX])\]|\(([ xX])\))(?:\s+|$)")
_ANSWER = re.compile(r"(!?=)(?:\s+|$)")
_MARKER = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]{1,4}|$)")
_ALERT = re.compile(r"\[!(HINT|EXPLANATION|ANSWER)\]\s*(.*)", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_HEADING_ATTRIBUTES = re.compile(r"^(.*?)\s*(\{[^{}]*\})$")
_CALLED = {"options": "options", "answers": "answers", "pairs": "pairs", "order": "items to put in order"}
_KNOWN = frozenset({"points", "shuffle", "type", "partial", "case", "multiple"})


class Source(Struct, frozen=True, kw_only=True):
    """A question as it stands in a file: its text, the line where the text begins, and what its heading or box says of it."""

    file: str
    line: int
    text: str
    key: str
    title: str = ""
    attributes: Attributes = Attributes()
    shuffle: bool = False


class _Item(Struct, frozen=True):
    """A list item: its line (0-based in the question), its text, and the block quote under it."""

    line: int
    text: str
    feedback: str


class _Parts(Struct):
    """A question's text, sorted by what each block is for."""

    prompt: list[Block] = []
    after: list[str] = []
    hints: list[str] = []
    explanation: list[str] = []
    model_answer: list[str] = []
    outputs: list[str] = []
    items: list[_Item] = []
    items_kind: str = ""
    gaps: list[Gap] = []


Asked = tuple[Question, AnswerKey]


def heading_attributes(words: str) -> tuple[str, Attributes]:
    """A heading's words without the attributes at their end, and those attributes."""
    found = _HEADING_ATTRIBUTES.match(words[:2000])
    attributes = parse_attributes(found[2]) if found else None
    return (found[1], attributes) if found and attributes else (words, Attributes())


def explicit_key(file: str, line: int, attributes: Attributes) -> str:
    """The key that an author gave with ``#key``, or an empty string. Raises BadInput for one that cannot be typed."""
    if attributes.id and not _KEY.fullmatch(attributes.id):
        raise bad(file, line, f"the id '{attributes.id[:80]}' may hold letters, digits, '.', '_' and '-' only")
    return attributes.id


def read_question(source: Source, findings: Findings) -> Asked:
    """The question and its key. Raises BadInput, naming file and line, when it can never be answered rightly."""
    flags = _flags(source, findings)
    parts = _sort(source, flags)
    prompt = _prompt(source, flags, parts)
    kind = _kind(source, flags, parts)
    if not prompt and not source.title:
        raise bad(source.file, source.line, "a question asks nothing: it has no text above its answers")
    question = Question(
        key=source.key, kind=kind, prompt=prompt, title=source.title, points=_points(source), hints=tuple(parts.hints),
        shuffle=_flag(flags, "shuffle", source.shuffle),
    )  # fmt: skip
    key = AnswerKey(
        explanation="\n\n".join(parts.explanation + parts.after), model_answer="\n\n".join(parts.model_answer),
        case=_flag(flags, "case"), partial=_flag(flags, "partial"),
    )  # fmt: skip
    return _FINISH[kind](source, parts, question, key)


def _flags(source: Source, findings: Findings) -> dict[str, str]:
    flags = dict.fromkeys(source.attributes.words, "true") | source.attributes.values
    for name in flags:
        if name not in _KNOWN:
            findings.warn(source.file, source.line, f"the attribute '{name}' of a question is not known and was passed over")
    return flags


def _flag(flags: dict[str, str], name: str, default: bool = False) -> bool:
    return flags[name].casefold() in ("true", "yes", "1", "on", "") if name in flags else default


def _points(source: Source) -> Decimal:
    said = source.attributes.values.get("points", "1")
    points = number(said)
    if points is None or not 0 < points <= MAX_POINTS or points != round(points, 4):
        raise bad(source.file, source.line, f"points={said[:40]} must be a number above 0, at most {MAX_POINTS}, with at most 4 places")
    return points.normalize() + Decimal(0)


def _sort(source: Source, flags: dict[str, str]) -> _Parts:
    lines = source.text.split("\n")
    parts = _Parts()
    self_marked = flags.get("type") == Kind.SELF_MARKED
    for block in blocks(source.text):
        own = lines[block.start : block.end]
        alert = _ALERT.match(unquoted(own[:1])[0]) if block.type == "blockquote_open" else None
        items, items_kind = ([], "") if self_marked else _answers(source, flags, block, lines)
        if alert:
            into = {"HINT": parts.hints, "EXPLANATION": parts.explanation, "ANSWER": parts.model_answer}[alert[1].upper()]
            into.append("\n".join([alert[2], *unquoted(own[1:])]).strip())
        elif block.type == "fence" and block.tokens[0].info.split()[:1] == ["answer"] and not self_marked:
            if len(parts.outputs) == MOST_PARTS:
                raise bad(source.file, source.line + block.start, f"a question has more than {MOST_PARTS} answers")
            parts.outputs.append(block.tokens[0].content.removesuffix("\n"))
        elif items_kind:
            if parts.items:
                raise bad(source.file, source.line + block.start, "a question has two lists of answers")
            if len(items) > MOST_PARTS:
                raise bad(source.file, source.line + items[MOST_PARTS].line, f"a question has more than {MOST_PARTS} {_CALLED[items_kind]}")
            parts.items, parts.items_kind = items, items_kind
        elif parts.items or parts.outputs:
            parts.after.append("\n".join(own).strip("\n"))
        else:
            parts.prompt.append(block)
    return parts


def _prompt(source: Source, flags: dict[str, str], parts: _Parts) -> str:
    """The text above the answers. Where there are none below, its gaps are the answers: they are numbered and kept in the parts."""
    lines = source.text.split("\n")
    if parts.items or parts.outputs or flags.get("type") == Kind.SELF_MARKED:
        texts = ["\n".join(lines[block.start : block.end]) for block in parts.prompt]
    else:
        texts = [_with_gaps(source, block, lines, parts.gaps) for block in parts.prompt]
    return "\n\n".join(text.strip("\n") for text in texts)


def _with_gaps(source: Source, block: Block, lines: list[str], gaps: list[Gap]) -> str:
    """The block's source with its gaps numbered: only where there are paragraphs, never in code."""
    out: list[str] = []
    at = block.start
    for start, end in lines_of(block.tokens, "inline"):
        out += lines[at:start]
        try:
            out.append(take_gaps("\n".join(lines[start:end]), gaps, source.key))
        except ValueError as error:
            raise bad(source.file, source.line + start, str(error)) from error
        if len(gaps) > MOST_PARTS:
            raise bad(source.file, source.line + start, f"a question has more than {MOST_PARTS} gaps")
        if any(len(gap.choices) > MOST_PARTS for gap in gaps):
            raise bad(source.file, source.line + start, f"a gap has more than {MOST_PARTS} choices")
        at = end
    return "\n".join(out + lines[at : block.end])


def _answers(source: Source, flags: dict[str, str], block: Block, lines: list[str]) -> tuple[list[_Item], str]:
    """The items of a list and what they are; nothing for another block, or a list of the prompt."""
    if block.type == "ordered_list_open" and flags.get("type") == Kind.ORDER:
        return _items(block, lines), "order"
    if block.type != "bullet_list_open":
        return [], ""
    items = _items(block, lines)
    options = [item for item in items if _OPTION.match(item.text)]
    if options:
        odd = next((item for item in items if not _OPTION.match(item.text)), None)
        if odd:
            raise bad(source.file, source.line + odd.line, "each item of a list of options needs '[ ]' or '[x]'")
        return items, "options"
    if all(_ANSWER.match(item.text) for item in items):
        return items, "answers"
    if all(_pair(item.text) for item in items):
        return items, "pairs"
    return [], ""


def _items(block: Block, lines: list[str]) -> list[_Item]:
    """The items of a list; of one that is too long for a question, one more than a question may have."""
    items: list[_Item] = []
    for token in block.tokens:
        if len(items) > MOST_PARTS:
            break
        if token.type == "list_item_open" and token.level == 1 and token.map:
            start, end = token.map
            quotes = [
                (inner.map[0], inner.map[1])
                for inner in block.tokens
                if inner.type == "blockquote_open" and inner.level == 2 and inner.map and start <= inner.map[0] < end
            ]
            marker = _MARKER.match(lines[start])
            width = marker.end() if marker else 0
            own = [lines[start][width:], *(_dedented(line, width) for line in lines[start + 1 : end])]
            quoted = {number for first, last in quotes for number in range(first - start, last - start)}
            said = [line for number, line in enumerate(own) if number not in quoted]
            feedback = ["\n".join(unquoted(own[first - start : last - start])).strip() for first, last in quotes]
            items.append(_Item(start, "\n".join(said).strip(), "\n\n".join(feedback)))
    return items


def _dedented(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip(" "))) :]


def _pair(text: str) -> tuple[str, str] | None:
    """Both sides of the first `` -> `` that is not in code."""
    spans = code_spans(text)
    arrow = next((found for found in re.finditer(r"\s->\s", text) if not in_code(spans, found.start())), None)
    if arrow is None:
        return None
    left, right = text[: arrow.start()].strip(), text[arrow.end() :].strip()
    return (left, right) if left and right else None


def _kind(source: Source, flags: dict[str, str], parts: _Parts) -> Kind:
    found = _seen(flags, parts)
    if "type" not in flags or flags["type"] == found:
        return found
    wanted = flags["type"]
    if wanted not in list(Kind):
        raise bad(source.file, source.line, f"there is no kind of question '{wanted[:40]}'; the kinds are {', '.join(Kind)}")
    if {wanted, found} <= {Kind.SINGLE, Kind.MULTIPLE} or {wanted, found} <= {Kind.TEXT, Kind.NUMERIC}:
        return Kind(wanted)
    raise bad(source.file, source.line, f"a question of the kind '{wanted}' needs {_NEEDS[Kind(wanted)]}")


def _seen(flags: dict[str, str], parts: _Parts) -> Kind:
    """The kind that the blocks of a question make it."""
    if flags.get("type") == Kind.SELF_MARKED:
        return Kind.SELF_MARKED
    if parts.items_kind == "options":
        several = sum(_ticked(item) for item in parts.items) > 1
        return Kind.MULTIPLE if several or _flag(flags, "multiple") else Kind.SINGLE
    if parts.items_kind == "answers":
        return Kind.NUMERIC if all(is_number(_answer_text(item)) for item in parts.items) else Kind.TEXT
    if parts.items_kind:
        return Kind.ORDER if parts.items_kind == "order" else Kind.MATCHING
    if parts.outputs:
        return Kind.CODE_OUTPUT
    return Kind.BLANKS if parts.gaps else Kind.SELF_MARKED


def _ticked(item: _Item) -> bool:
    found = _OPTION.match(item.text)
    return found is not None and (found[1] or found[2]) in "xX"


def _answer_text(item: _Item) -> str:
    return _ANSWER.sub("", item.text, count=1)


def _choice(source: Source, parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    options = tuple(_OPTION.sub("", item.text, count=1) for item in parts.items)
    right = tuple(number for number, item in enumerate(parts.items, 1) if _ticked(item))
    first = source.line + parts.items[0].line
    if not right:
        raise bad(source.file, first, "no option is marked as right with '[x]'")
    if question.kind is Kind.SINGLE and len(right) > 1:
        raise bad(source.file, first, "a question of the kind 'single' has exactly one right option")
    if len(options) < 2 or not all(options):
        raise bad(source.file, first, "a choice needs at least two options, none of them empty")
    return replace(question, options=options), replace(key, correct=right, feedback=tuple(item.feedback for item in parts.items))


def _typed(source: Source, parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    make = number_answer if question.kind is Kind.NUMERIC else text_answer
    answers: list[Answer] = []
    for item in parts.items:
        correct = not item.text.startswith("!")
        try:
            answers.append(make(_answer_text(item), correct=correct, feedback=item.feedback))
        except ValueError as error:
            raise bad(source.file, source.line + item.line, str(error)) from error
    if not any(answer.correct for answer in answers):
        raise bad(source.file, source.line + parts.items[0].line, "no answer is right: each begins with '!='")
    return question, replace(key, answers=tuple(answers))


def _blanks(_: Source, parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    return (
        replace(question, gaps=tuple(gap.choices for gap in parts.gaps)),
        replace(key, gaps=tuple(gap.answers for gap in parts.gaps)),
    )


def _matching(source: Source, parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    pairs = [pair for item in parts.items if (pair := _pair(item.text))]
    rights = list(dict.fromkeys(right for _, right in pairs))
    if len(pairs) < 2 or len({left for left, _ in pairs}) < len(pairs):
        raise bad(source.file, source.line + parts.items[0].line, "matching needs at least two pairs with different left-hand sides")
    listed = [rights[index] for index in shuffled(source.key, rights)]
    correct = tuple(listed.index(right) + 1 for _, right in pairs)
    return replace(question, stems=tuple(left for left, _ in pairs), options=tuple(listed)), replace(key, correct=correct)


def _order(source: Source, parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    texts = [item.text for item in parts.items]
    if len(texts) < 2 or not all(texts) or len(set(texts)) < len(texts):
        raise bad(source.file, source.line + parts.items[0].line, "an order needs at least two items that differ")
    order = shuffled(source.key, texts)
    correct = tuple(order.index(place) + 1 for place in range(len(texts)))
    return replace(question, options=tuple(texts[index] for index in order)), replace(key, correct=correct)


def _code_output(_: Source, parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    return question, replace(key, answers=tuple(Answer(text=output) for output in parts.outputs))


def _self_marked(_source: Source, _parts: _Parts, question: Question, key: AnswerKey) -> Asked:
    return question, key


def question_title(text: str) -> tuple[str, Attributes]:
    """A question's title and attributes from the words of its heading."""
    words, attributes = heading_attributes(text)
    return plain(words), attributes


_FINISH: dict[Kind, Callable[[Source, _Parts, Question, AnswerKey], Asked]] = {
    Kind.SINGLE: _choice,
    Kind.MULTIPLE: _choice,
    Kind.NUMERIC: _typed,
    Kind.TEXT: _typed,
    Kind.BLANKS: _blanks,
    Kind.MATCHING: _matching,
    Kind.ORDER: _order,
    Kind.CODE_OUTPUT: _code_output,
    Kind.SELF_MARKED: _self_marked,
}
_NEEDS = {
    Kind.SINGLE: "a list of options with '[ ]' and '[x]'",
    Kind.MULTIPLE: "a list of options with '[ ]' and '[x]'",
    Kind.NUMERIC: "a list of answers that begin with '='",
    Kind.TEXT: "a list of answers that begin with '='",
    Kind.BLANKS: "a gap such as [[word]] in its text",
    Kind.MATCHING: "a list in which each item has ' -> '",
    Kind.ORDER: "a numbered list in the right order",
    Kind.CODE_OUTPUT: "a code fence with the info word 'answer'",
    Kind.SELF_MARKED: "no list of answers",
}
