"""Colours for code, by Pygments, which is imported when the first code with a known language is drawn."""

from functools import lru_cache

from lms_tui.widgets.lines import Ink, Part, Parts, steady

MAX_COLOURED = 40_000  # characters; longer code is drawn plain
_PLAIN = frozenset({"", "output", "text", "txt", "plain", "plaintext", "source", "error", "warning", "none"})
_NAMES = {"r": "splus", "console": "console", "shell": "bash", "sh": "bash", "zsh": "bash", "shell-session": "console", "py": "python"}
_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console"})
_INKS = (
    ("Comment", "code-comment"), ("Keyword", "code-keyword"), ("Literal.String", "code-string"), ("Literal.Number", "code-number"),
    ("Name.Function", "code-name"), ("Name.Class", "code-name"), ("Name.Builtin", "code-name"), ("Name.Tag", "code-name"),
    ("Name.Decorator", "code-name"), ("Name.Variable", "code-variable"), ("Name.Attribute", "code-variable"),
    ("Generic.Prompt", "code-comment"), ("Operator.Word", "code-keyword"),
)  # fmt: skip


@lru_cache(maxsize=64)
def coloured(code: str, language: str) -> tuple[Parts, ...]:
    """The lines of code in parts, with the ink of each. An unknown language, or very long code, has none."""
    code = steady(code).expandtabs(8)
    if language in _PLAIN or len(code) > MAX_COLOURED:
        return tuple((Part(line),) for line in code.split("\n"))
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    plain = tuple((Part(line),) for line in code.split("\n"))
    try:
        lexer = get_lexer_by_name(_lexer_name(code, language), stripnl=False)
    except ClassNotFound:
        return plain
    lines: list[list[Part]] = [[]]
    for token, text in lexer.get_tokens(code):
        ink = _ink(str(token).removeprefix("Token."))
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if piece:
                lines[-1].append(Part(piece, ink))
    same = all("".join(part.text for part in new) == old[0].text for new, old in zip(lines, plain, strict=False))
    return tuple(tuple(line) for line in lines[: len(plain)]) if same and len(lines) >= len(plain) else plain


def without_prompts(code: str, language: str) -> str:
    """What to copy of code: of a shell's, when every line has the prompt ``$``, the commands alone."""
    lines = code.split("\n")
    if language in _SHELLS and all(line.startswith("$ ") for line in lines if line.strip()):
        return "\n".join(line.removeprefix("$ ") for line in lines)
    return code


def _lexer_name(code: str, language: str) -> str:
    if language in _SHELLS and any(line.startswith("$ ") for line in code.split("\n")):
        return "console"
    return _NAMES.get(language, language)


def _ink(token: str) -> Ink:
    return next(((ink,) for name, ink in _INKS if token.startswith(name)), ())
