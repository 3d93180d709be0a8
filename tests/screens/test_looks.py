"""How the screens look, as text: layouts are reviewed here, meaning is tested elsewhere."""

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.screens.driving import Opened, press

SIZES = {"narrow": (60, 20), "usual": (80, 24), "wide": (140, 30)}
WAYS = {
    "home": (),
    "outline": ("o",),
    "reading": ("enter",),
    "practice": ("o", "down", "down", "enter"),
    "feedback": ("o", "down", "down", "enter", "1", "enter"),
    "help": ("?",),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", SIZES)
async def test_look(app_with_tides: Callable[..., Opened], snapshot: SnapshotAssertion, size: str, way: str) -> None:
    async with app_with_tides(size=SIZES[size]) as pilot:
        assert await press(pilot, *WAYS[way]) == snapshot
