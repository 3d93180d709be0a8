"""Help and wrong usage in words: what to type, without the names of Python's types."""

from typing import Any

import typer
from typer.core import TyperCommand


class Command(TyperCommand):
    """A command whose arguments stand in its help by their names alone, and whose errors say what was expected."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for param in self.params:
            if param.param_type_name == "argument":
                setattr(param, "display_type_rich", _nothing)  # noqa: B010 (the type of it is Typer's own)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            expected = _expected(error.param)
            error.message = expected or error.message.removeprefix("Value error, ")
            raise


def _nothing(ctx: object) -> None:
    return None


def _expected(param: Any) -> str:
    """What a parameter takes, where that is a number in a range or one of a few words."""
    choices = getattr(getattr(param, "type_descriptor", None), "choices", None)
    if choices:
        return f"it is one of {', '.join(str(getattr(choice, 'value', choice)).lower() for choice in choices)}."
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    if low is None and high is None:
        return ""
    return f"it is a number from {low} to {high}." if high is not None else f"it is a number from {low} on."
