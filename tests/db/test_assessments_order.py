"""Attempts come out the same in whatever order they arrive."""

import asyncio
from datetime import UTC, datetime
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.db.target import Target
from lms_tui.model.wire import SyncReply
from tests.db.sitting import MINUTE, Sitting, sitting
from tests.db.world import World

OPENS = -30.5  # minutes from now
offsets = st.integers(-60, -1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(offsets, st.integers(0, 40), st.booleans()), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_time_and_opening_are_judged_alike_in_any_order(migrated: Target, plan: list[tuple[int, int, bool]], random: Random) -> None:
    """Without a limit of attempts or a closing time, which are of arrival, standing is a matter of the events alone."""

    async def run() -> None:
        world = World(migrated)
        try:
            exam = await sitting(world, time_limit_seconds=15 * 60, opens=datetime.now(UTC) + OPENS * MINUTE)
            starts = [exam.start(begun) for begun, _, _ in plan]
            events = list(starts)
            for start, (begun, took, right) in zip(starts, plan, strict=True):
                events.append(exam.hand_in(start, min(begun + took, -0.01), "Waldemar" if right else "no"))
            await exam.sends(*events)
            expected = await exam.standings(*starts)
            for start, (begun, took, _), standing in zip(starts, plan, expected, strict=True):
                took = min(took, -begun)
                assert standing == ("early" if begun < OPENS - 2 else "late" if took > 16 else "graded"), (start.at, begun, took)
            other = await world.add_person()
            again = Sitting(world, exam.teacher, other, exam.course)
            assert await again.sends(exam.enrolled) == ["applied"]
            shuffled = events[len(starts) :]
            random.shuffle(shuffled)
            await again.sends(*random.sample(starts, len(starts)))
            while shuffled:
                size = random.randint(1, 3)
                await again.sends(*shuffled[:size])
                shuffled = shuffled[size:]
            assert await again.standings(*starts) == expected
            assert progress_rows(await again.student.progress()) == progress_rows(await exam.student.progress())
        finally:
            await world.close()

    asyncio.run(run())


def progress_rows(reply: SyncReply) -> tuple[object, ...]:
    attempts = tuple(replace(row, received_at=None) for row in reply.attempts)
    return tuple(replace(row, version=0) for row in reply.sections), reply.lessons, reply.courses, reply.days, attempts
