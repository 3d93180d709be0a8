"""Inline Markdown and inline HTML as spans."""

from html.parser import HTMLParser

from markdown_it.tree import SyntaxTreeNode

from lms_tui.model.text import clean, clean_line
from lms_tui.views.blocks import Mark, Span, Spans

_TAG_MARKS: dict[str, Mark] = {
    "kbd": "key", "b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "cite": "emphasis", "var": "emphasis",
    "code": "code", "tt": "code", "samp": "code", "s": "strike", "del": "strike", "strike": "strike",
}  # fmt: skip
_NODE_MARKS: dict[str, Mark] = {"strong": "strong", "em": "emphasis", "s": "strike"}
_SHIFTED = {
    "sup": ("^", str.maketrans("0123456789+-=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿ")),
    "sub": ("_", str.maketrans("0123456789+-=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓ")),
}
INLINE_TAGS = frozenset({*_TAG_MARKS, *_SHIFTED, "a", "br", "img", "wbr"})
VOID_TAGS = frozenset({"br", "img", "wbr", "hr"})
MOST_OPEN = 40  # tags that are open at once; what opens deeper is shown as it was written


class Spanner:
    """Gathers spans: what is added has the look of the tags that are open, of which there are at most ``MOST_OPEN``."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._same: list[str] = []  # texts of the look that came last
        self._look: tuple[tuple[Mark, ...], str] = ((), "")
        self._open: list[tuple[str, str]] = []

    def add(self, text: str, *marks: Mark, href: str = "") -> None:
        """Text with marks besides those of the open tags."""
        text = clean(text)
        found = set(marks)
        for tag, address in self._open:
            if tag in _TAG_MARKS:
                found.add(_TAG_MARKS[tag])
            elif tag in _SHIFTED:
                text = _shifted(text, tag)
            href = href or address
        if not text:
            return
        look = (tuple(sorted(found)), href)
        if look != self._look:
            self._end_span()
            self._look = look
        self._same.append(text)

    def _end_span(self) -> None:
        if self._same:
            self._spans.append(Span("".join(self._same), *self._look))
            self._same = []

    def opened(self, tag: str, attributes: dict[str, str]) -> bool:
        """Reads an opening tag; False when it is not one that is converted, or too many are open."""
        if tag not in INLINE_TAGS or (tag not in VOID_TAGS and len(self._open) >= MOST_OPEN):
            return False
        if tag == "br":
            self.add("\n")
        elif tag == "img":
            self.add(clean_line(attributes.get("alt", "")) or file_name(attributes.get("src", "")), "image")
        elif tag != "wbr":
            self._open.append((tag, clean_line(attributes.get("href", "")) if tag == "a" else ""))
        return True

    def closed(self, tag: str) -> bool:
        """Reads a closing tag; False when no such tag is open."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index]
                return True
        return False

    def spans(self) -> Spans:
        """What was gathered, without blanks at the ends."""
        self._end_span()
        spans = list(self._spans)
        while spans and not spans[0].text.strip(" \n"):
            del spans[0]
        while spans and not spans[-1].text.strip(" \n"):
            del spans[-1]
        if spans:
            spans[0] = Span(spans[0].text.lstrip(" \n"), spans[0].marks, spans[0].href)
            spans[-1] = Span(spans[-1].text.rstrip(" \n"), spans[-1].marks, spans[-1].href)
        return tuple(spans)


class _Tags(HTMLParser):
    """Hands the tags of a piece of inline HTML to a spanner, and as text what is not converted."""

    def __init__(self, spanner: Spanner) -> None:
        super().__init__(convert_charrefs=True)
        self._spanner = spanner

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._spanner.opened(tag, {name: value or "" for name, value in attrs}):
            self._spanner.add(self.get_starttag_text() or f"<{tag}>", "html")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID_TAGS and not self._spanner.closed(tag):
            self._spanner.add(f"</{tag}>", "html")

    def handle_data(self, data: str) -> None:
        self._spanner.add(data, "html")

    def handle_decl(self, decl: str) -> None:
        self._spanner.add(f"<!{decl}>", "html")

    def handle_pi(self, data: str) -> None:
        self._spanner.add(f"<?{data}>", "html")

    def unknown_decl(self, data: str) -> None:
        self._spanner.add(f"<![{data}]]>", "html")


def spans_of(nodes: list[SyntaxTreeNode]) -> Spans:
    """The spans of inline nodes."""
    spanner = Spanner()
    _walk(nodes, spanner, (), "")
    return spanner.spans()


def _walk(nodes: list[SyntaxTreeNode], spanner: Spanner, marks: tuple[Mark, ...], href: str) -> None:
    for node in nodes:
        match node.type:
            case "text":
                spanner.add(node.content, *marks, href=href)
            case "softbreak":
                spanner.add(" ", *marks, href=href)
            case "hardbreak":
                spanner.add("\n", *marks, href=href)
            case "code_inline":
                spanner.add(node.content, *marks, "code", href=href)
            case "image":
                spanner.add(_alternative(node), *marks, "image", href=href)
            case "link":
                _walk(node.children, spanner, marks, clean_line(str(node.attrs.get("href", ""))))
            case "html_inline":
                tags = _Tags(spanner)
                tags.feed(node.content)
                tags.close()
            case "strong" | "em" | "s":
                _walk(node.children, spanner, (*marks, _NODE_MARKS[node.type]), href)
            case _:
                spanner.add(node.content, *marks, href=href)


def _alternative(node: SyntaxTreeNode) -> str:
    given = clean_line(str(node.attrs.get("alt", "")))
    return given or clean_line("".join(child.content for child in node.walk() if child is not node)) or file_name(str(node.attrs["src"]))


def file_name(address: str) -> str:
    """What to call an image without an alternative text."""
    return clean_line(address.rstrip("/").rsplit("/", 1)[-1])[:80]


def _shifted(text: str, tag: str) -> str:
    sign, table = _SHIFTED[tag]
    moved = text.translate(table)
    if all(old != new for old, new in zip(text, moved, strict=True)):
        return moved
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"
