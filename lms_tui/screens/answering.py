"""Answers on their way to the disk, in the order in which they were given."""

import asyncio
from typing import TYPE_CHECKING

from lms_tui.model.question import Grade, Response

if TYPE_CHECKING:
    from lms_tui.library import Library


class Answers:
    """The drafts and answers of a section. A draft is never written after the answer that it led to: it would come back."""

    def __init__(self, library: "Library", section_id: str) -> None:
        self._library = library
        self._section_id = section_id
        self._unsaved: dict[str, Response] = {}
        self._writing = asyncio.Lock()

    def change(self, question_id: str, response: Response) -> bool:
        """A draft is another now; whether ``save`` has to be called, because it is not at work already."""
        idle = not self._unsaved
        self._unsaved[question_id] = response
        return idle

    async def save(self) -> None:
        """Writes the drafts that changed, until none is left."""
        while self._unsaved:
            async with self._writing:
                for question_id, response in list(self._unsaved.items())[:1]:
                    await self._library.save_draft(self._section_id, question_id, response)
                    if self._unsaved.get(question_id) == response:
                        self._unsaved.pop(question_id, None)

    async def record(self, responses: dict[str, Response], hints: dict[str, int]) -> dict[str, Grade | None]:
        """Records an answered set, whose drafts are then done."""
        async with self._writing:
            grades = await self._library.answer(self._section_id, responses, hints)
            for question_id in responses:
                self._unsaved.pop(question_id, None)
            return grades
