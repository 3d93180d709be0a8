"""A measured figure beside the budget that it must keep."""

from msgspec import Struct


class Figure(Struct, frozen=True):
    """``what`` was measured, as ``value`` in ``unit``; at most ``budget``, where there is one. ``beside`` says what it is compared with."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    beside: str = ""

    @property
    def held(self) -> bool:
        """Whether it is within its budget."""
        return self.budget is None or self.value <= self.budget


def show(name: str, figures: list[Figure]) -> str:
    """The figures as lines for people."""
    lines = [name]
    for figure in figures:
        budget = "" if figure.budget is None else f"  (at most {figure.budget:g}{'' if figure.held else ': OVER'})"
        beside = f"  {figure.beside}" if figure.beside else ""
        lines.append(f"  {figure.what:<46} {figure.value:9.2f} {figure.unit:<3}{budget}{beside}")
    return "\n".join(lines)
