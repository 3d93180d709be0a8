"""Tables fitted to a width: columns shrink and wrap; where even that would cut, each row becomes a record."""

from itertools import zip_longest

from rich.cells import cell_len

from lms_tui.views.blocks import Align
from lms_tui.widgets.lines import Broken, Part, Parts, width_of, wrap

SEPARATOR = " │ "
_LEAST = 6  # cells; narrower columns are no longer read with ease
_WHOLE_WORD = 14

Row = tuple[Parts, ...]


def fitted(align: tuple[Align, ...], head: Row, rows: tuple[Row, ...], width: int) -> list[tuple[Parts, int]]:
    """The table's lines, each with the number of its row (0 is the head). The head is left out when it is empty."""
    headed = any(width_of(cell) for cell in head)
    columns = _columns([head, *rows], width)
    if columns is None:
        return _records(head if headed else ((),) * len(head), rows, width)
    lines: list[tuple[Parts, int]] = []
    if headed:
        lines += [(line, 0) for line in _row(tuple(_inked(cell) for cell in head), columns, align)]
        lines.append(((Part("─┼─".join("─" * column for column in columns), ("faint",)),), 0))
    wrapped = [_row(row, columns, align) for row in rows]
    ruled = any(len(row) > 1 for row in wrapped)
    for number, row in enumerate(wrapped, 1):
        if ruled and number > 1:
            lines.append(((Part("─┼─".join("─" * column for column in columns), ("faint",)),), number))
        lines += [(line, number) for line in row]
    return lines


def _inked(cell: Parts) -> Parts:
    return tuple(Part(part.text, (*part.ink, "table-head"), part.stop) for part in cell)


def _columns(rows: list[Row], width: int) -> list[int] | None:
    """The columns' widths, or None when they cannot all have enough."""
    count = len(rows[0])
    if count + len(SEPARATOR) * (count - 1) > width:
        return None
    natural = [max(1, *(max(width_of(line.parts) for line in wrap(row[column], 10_000)) for row in rows)) for column in range(count)]
    room = width - len(SEPARATOR) * (count - 1)
    if sum(natural) <= room:
        return natural
    words = [max((_longest_word(row[column]) for row in rows), default=1) for column in range(count)]
    least = [min(whole, max(_LEAST, min(word, _WHOLE_WORD))) for whole, word in zip(natural, words, strict=True)]
    if sum(least) > room:
        return None
    columns = list(least)
    for _ in range(room - sum(least)):  # one cell at a time to the column that lacks most
        column = max(range(count), key=lambda index: natural[index] / columns[index])
        if columns[column] < natural[column]:
            columns[column] += 1
    return columns


def _longest_word(cell: Parts) -> int:
    return max((cell_len(word) for part in cell for word in part.text.split()), default=1)


def _row(row: Row, columns: list[int], align: tuple[Align, ...]) -> list[Parts]:
    cells = [wrap(cell, width) for cell, width in zip(row, columns, strict=True)]
    return [_line(pieces, columns, align) for pieces in zip_longest(*cells)]


def _line(pieces: tuple[Broken | None, ...], columns: list[int], align: tuple[Align, ...]) -> Parts:
    parts: list[Part] = []
    for index, piece in enumerate(pieces):
        content = piece.parts if piece else ()
        room = columns[index] - width_of(content)
        left = room if align[index] == "right" else room // 2 if align[index] == "center" else 0
        if index:
            parts.append(Part(SEPARATOR, ("faint",)))
        parts += [Part(" " * left), *content, Part(" " * (room - left))]
    return tuple(part for part in parts if part.text)


def _records(head: Row, rows: tuple[Row, ...], width: int) -> list[tuple[Parts, int]]:
    lines: list[tuple[Parts, int]] = []
    for number, row in enumerate(rows, 1):
        if number > 1:
            lines.append(((Part("─" * min(width, 12), ("faint",)),), number))
        for name, cell in zip(head, row, strict=True):
            titled = (*_inked(name), Part(": ", ("table-head",)), *cell) if width_of(name) else cell
            lines += [(broken.parts, number) for broken in wrap(titled, width)]
    return lines
