"""What a lesson says at its end may answer a question, so that it stands below the last one."""

from tests.cache.sample import HeldClock
from tests.screens.driving import opened, press
from tests.screens.exam import answer_all, to_the_card
from tests.screens.sample import put_into_cache, with_key_points

POINT = "There are two bulges of water"


async def test_in_a_quiz_they_come_with_the_summary() -> None:
    put_into_cache(with_key_points(POINT))
    async with opened((80, 50)) as pilot:
        shown = await press(pilot, "o", "home", "down", "down", "down", "enter")
        assert "question 1 of 3" in shown
        assert POINT not in shown
        assert POINT not in await press(pilot, "2", "enter")
        assert POINT not in await press(pilot, "enter")
        shown = await press(pilot, "f3", "f3")
        assert "Key points" in shown
        assert POINT in shown
        assert POINT not in await press(pilot, "r")


async def test_the_cursor_of_the_summary_leads_to_them() -> None:
    put_into_cache(with_key_points(POINT))
    async with opened((60, 12)) as pilot:
        await press(pilot, "o", "home", "down", "down", "down", "enter")
        assert POINT not in await press(pilot, "f3", "f3", "f3")
        assert POINT in await press(pilot, *["down"] * 12)


async def test_in_an_assessment_they_come_with_the_receipt(clock: HeldClock, no_calm: None) -> None:
    put_into_cache(with_key_points(POINT))
    async with opened((80, 50), clock) as pilot:
        assert POINT not in await to_the_card(pilot)
        assert POINT not in await press(pilot, "enter")
        assert POINT not in await answer_all(pilot)
        shown = await press(pilot, "enter")
        assert "Enter goes on to" in shown
        assert POINT in shown
        assert POINT not in await press(pilot, "a")
