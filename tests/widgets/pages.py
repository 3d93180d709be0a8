"""Pages for the reader's tests."""

EVERYTHING = """\
# Everything on one page

Some *emphasis*, **strong**, `code`, ~~struck~~, <kbd>Ctrl</kbd>+<kbd>C</kbd>, H<sub>2</sub>O, a [link](https://example.org),
![A tree with the root at the top](tree.svg), <span>unknown</span>.

## Lists

- one
  - two, which has a longer text that must be wrapped at the width of the column
    1. three
- [ ] open
- [x] done

## Tables

| Left | Right | A long description |
|:-----|------:|--------------------|
| `ls` |     1 | This cell has so much text that it cannot stand in one line of a narrow window |
| 日本語 |  22 | A family 👩\u200d👩\u200d👧 |

> A quotation
>
> > in a quotation

> [!WARNING]
> Take *care*.

::: hint
### Look
At `wc`.
:::

::: question {#q-count title="Counting"}
- [x] never shown
:::

```python
def f(x: int) -> str:  # a comment that is so long that it has to go on in the next line of the window
    return f"{x}"
```

---

The end.
"""

HOSTILE = (
    "# \x1b]0;owned\x07[bold]Title[/bold] [/b]\x00\n\n"
    "Text \x1b[31mred\x1b[0m \x9b31mC1 \x9d0;t\x9c \u202eevil\u202c \u2066x\u2069 &#x202e;entity [@click=app.quit]quit[/] $x [/].\n\n"
    "`code \x1b[2J` ![alt \x1b[H](u) [link\x1bc](javascript:\x1b[31m)\n\n"
    "```bash\n$ printf '\x1b[5m' \x07\n```\n\n"
    "| a\x1b[1m | [/b] |\n|---|---|\n| \x85 | \x7f |\n\n"
    "<b>\x1b[1m</b> <script>x\x1b[31m</script>\n\n::: hint\n## T\x1b[31m[/b]\nbody\x1bP0;\x1b\\\n:::\n\nlast\x1b[?1049l line\n"
)
