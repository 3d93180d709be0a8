"""Makes the pictures of the documentation: the real app, in a real pseudo-terminal, in an empty home, drawn as SVG.

make pictures               all of them, into docs/pictures
make pictures ARGS=reader   one of them
"""

import sys
import tempfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from pyte.screens import Char

from tests.terminal import Terminal, terminal

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
APP = [sys.executable, "-m", "lms_tui"]

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE, MARGIN = 8.4, 18, 14, 12
FONTS = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace"
FOREGROUND, BACKGROUND = "#d8d8d8", "#121212"
NO_BREAK = "\u00a0"
NAMED = {
    "black": "#000000",
    "red": "#cd3131",
    "green": "#0dbc79",
    "brown": "#e5e510",
    "blue": "#2472c8",
    "magenta": "#bc3fbc",
    "cyan": "#11a8cd",
    "white": "#e5e5e5",
    "brightblack": "#666666",
    "brightred": "#f14c4c",
    "brightgreen": "#23d18b",
    "brightbrown": "#f5f543",
    "brightblue": "#3b8eea",
    "brightmagenta": "#d670d6",
    "brightcyan": "#29b8db",
    "brightwhite": "#ffffff",
}


def home(app: Terminal) -> None:
    """The home screen of a first start."""
    app.wait_for("A Tour of lms-tui")


def reader(app: Terminal) -> None:
    """A page of the tour."""
    home(app)
    app.press("enter")
    app.wait_for("First steps")
    app.press(".", "]")
    app.wait_for("Folded on purpose")


def practice(app: Terminal) -> None:
    """A question of a quiz, answered wrong."""
    reader(app)
    app.press("}")
    app.wait_for("Questions are for learning")
    app.press("}")
    app.wait_for("Where your work lives")
    app.press("]")
    app.wait_for("Studying well")
    app.press("]")
    app.wait_for("You are on a train")
    app.press("h", "3", "enter")
    app.wait_for("on the disk before")


PICTURES: dict[str, Callable[[Terminal], None]] = {scene.__name__: scene for scene in (reader, practice)}


def svg(screen: Terminal, title: str) -> str:
    """The terminal's screen as an SVG document: text stays text."""
    columns, rows = screen.screen.columns, screen.screen.lines
    width, height = columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">',
        f"<style>text{{font:{FONT_SIZE}px {FONTS}}}</style>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{BACKGROUND}"/>',
    ]
    for row in range(rows):
        parts += _row(row, [screen.screen.buffer[row][column] for column in range(columns)])
    return "\n".join([*parts, "</svg>", ""])


def _row(row: int, cells: list[Char]) -> list[str]:
    """A row's backgrounds, then its texts: one element for each run of cells of one look."""
    grounds, texts = [], []
    top = MARGIN + row * CELL_HEIGHT
    for look, run in groupby(enumerate(cells), key=lambda cell: cell[1]._replace(data="")):
        places = list(run)
        left, width = MARGIN + places[0][0] * CELL_WIDTH, len(places) * CELL_WIDTH
        ink, ground = _colours(look)
        if ground != BACKGROUND:
            grounds.append(f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{CELL_HEIGHT}" fill="{ground}"/>')
        text = "".join(cell.data for _, cell in places)
        if text.strip():
            before = len(text) - len(text.lstrip())
            left, width = left + before * CELL_WIDTH, width - (len(text) - len(text.strip())) * CELL_WIDTH
            place = f'x="{left:.1f}" y="{top + 13.5}" textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
            inner = escape(text.strip()).replace("  ", f"{NO_BREAK} ")  # SVG joins plain blanks
            texts.append(f'<text {place} fill="{ink}"{_style(look)}>{inner}</text>')
    return grounds + texts


def _colours(look: Char) -> tuple[str, str]:
    ink, ground = _colour(look.fg, FOREGROUND), _colour(look.bg, BACKGROUND)
    return (ground, ink) if look.reverse else (ink, ground)


def _colour(name: str, default: str) -> str:
    return default if name == "default" else NAMED.get(name, f"#{name}")


def _style(look: Char) -> str:
    lines = " ".join(word for word, on in (("underline", look.underscore), ("line-through", look.strikethrough)) if on)
    return (
        (' font-weight="bold"' if look.bold else "")
        + (' font-style="italic"' if look.italics else "")
        + (f' text-decoration="{lines}"' if lines else "")
    )


def main(names: list[str]) -> None:
    """Makes the named pictures, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or PICTURES:
        with (
            tempfile.TemporaryDirectory() as folder,
            terminal(APP, 90, 28, {"LMS_TUI_HOME": folder, "TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}) as app,
        ):
            scene = PICTURES[name]
            scene(app)
            app.settle()
            (FOLDER / f"{name}.svg").write_text(svg(app, scene.__doc__ or name), "utf-8")
        print(f"docs/pictures/{name}.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
