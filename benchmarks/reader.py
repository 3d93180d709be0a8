"""What the reader costs: first screen, a page down, find, another width, another theme, for pages of 3 KB to 1 MB. CPU milliseconds."""

import asyncio
import statistics
import time
from collections.abc import Callable

from textual.app import App, ComposeResult

from benchmarks.figures import Figure
from lms_tui.widgets.reader import Reader

SIZES = {"3 KB": 3_000, "30 KB": 30_000, "300 KB": 300_000, "1 MB": 1_000_000}
RUNS = 7
PART = """## Part {number}

A paragraph of some *length* with `code`, a [link](https://example.org/{number}) and **strong** words, so that it fills
more than one line of the window and has to be wrapped, as the paragraphs of a course do.

- first item, which also has some text
- second item
  - nested `item`

| Command | Meaning |
|---------|---------|
| `pwd`   | print the working directory |
| `cd`    | change it |

```bash
$ wc -l *.pdb | sort -n | head -n {number}
```

::: callout
## Mind the gap
Some advice, and a [reference] to the end.
:::

::: solution
Option {number} is correct.
:::

"""


class Page(App[None]):
    """The reader alone."""

    def compose(self) -> ComposeResult:
        yield Reader()


def page_of(size: int) -> str:
    """A page of about so many characters, with all that a course has."""
    parts = [PART.format(number=number) for number in range(size // len(PART) + 1)]
    return "".join(parts)[:size] + "\n\n[reference]: https://example.org\n"


def painted(reader: Reader) -> None:
    """Draws every row of the window, as the terminal would be sent it."""
    for y in range(reader.size.height):
        reader.render_line(y)


def cost(action: Callable[[], object], reader: Reader) -> float:
    """CPU milliseconds of an action and of drawing what it leads to."""
    began = time.process_time()
    action()
    painted(reader)
    return 1000 * (time.process_time() - began)


async def figures_of(name: str, source: str) -> list[Figure]:
    """The figures of one page."""
    first, down, found, resized, themed = [], [], [], [], []
    app = Page()
    async with app.run_test(size=(120, 40)) as pilot:
        reader = app.query_one(Reader)
        for run in range(RUNS):
            first.append(cost(lambda: reader.show(source), reader))
            await pilot.pause()
            down.append(cost(reader.action_page_down, reader))
            found.append(cost(lambda: reader.find("option 7 is CORRECT"), reader))
            began = time.process_time()
            await pilot.resize_terminal(90 + run, 40)
            painted(reader)
            resized.append(1000 * (time.process_time() - began))
            began = time.process_time()
            app.theme = "textual-light" if run % 2 == 0 else "textual-dark"
            await pilot.pause()
            painted(reader)
            themed.append(1000 * (time.process_time() - began))
    big = name == "1 MB"
    return [
        Figure(f"{name}: first screen", statistics.median(first), "ms", 200 if big else 50),
        Figure(f"{name}: first screen, worst of {RUNS}", max(first), "ms", 200 if big else 100),
        Figure(f"{name}: page down", statistics.median(down), "ms", 50),
        Figure(f"{name}: find", statistics.median(found), "ms", 100),
        Figure(f"{name}: another width", statistics.median(resized), "ms", 100),
        Figure(f"{name}: another theme", statistics.median(themed), "ms", 100),
    ]


def measure() -> list[Figure]:
    """The figures of all pages; the first page of all pays for the imports and is not counted."""
    asyncio.run(figures_of("warm-up", page_of(3_000)))
    return [figure for name, size in SIZES.items() for figure in asyncio.run(figures_of(name, page_of(size)))]
