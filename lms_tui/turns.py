"""One key after the other: each goes where the one before it has led, and not where the cursor was when both were typed.

Textual hands a key to the focused widget and the next one at once, but runs a key's command only when the key has come back up
to the app. What is typed or pasted in one burst right after ``/`` would reach the text instead of the field.
"""

import asyncio
import contextlib
from collections import deque

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

_LONGEST_OPENING_SECONDS = 1.0
_LONGEST_TURN_SECONDS = 0.5
"""A key that is lost with a widget that goes away stops the others no longer than this."""


class TurnOver(Message, bubble=True):
    """Follows a key on its way from the focused widget up to the app, where its turn is over."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Turns:
    """Keys and pasted texts that wait for the one before them. ``app`` gets them again, each in its turn."""

    def __init__(self, app: MessagePump) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._number = 0
        self._called: events.Event | None = None
        self._under_way = False
        self._limit: asyncio.TimerHandle | None = None

    def begin(self, event: events.Event) -> bool:
        """Whether it is this one's turn; else it waits."""
        if self._under_way and event is not self._called:
            self._waiting.append(event)
            return False
        self._under_way, self._called = True, None
        self._number += 1
        return True

    def follow(self, target: MessagePump) -> None:
        """The key went to ``target``; its turn is over when it has come up from there."""
        number = self._number
        if target.post_message(TurnOver(number)):
            self._limit = asyncio.get_running_loop().call_later(_LONGEST_TURN_SECONDS, self.end, number)
        else:
            self.end(number)

    def end(self, number: int | None = None) -> None:
        """The turn of this number is over, or the present one; the next one is called."""
        if number not in (None, self._number) or not self._under_way or self._called is not None:
            return
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
        if self._waiting:
            self._called = self._waiting.popleft()
            self._app.post_message(self._called)
        else:
            self._under_way = False


class TurnTakingApp(App[None]):
    """An app in which keys and pasted texts take turns, and wait for a screen that opens."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = Turns(self)
        self._went_to: MessagePump | None = None  # where Textual hands the present key

    async def on_event(self, event: events.Event) -> None:
        typed = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if typed and not self._turns.begin(event):
            return
        try:
            if not isinstance(event, events.Key) or await self._screen_is_there():
                await self.handle_event(event)
        finally:
            if typed:
                self._end_turn(event)

    async def handle_event(self, event: events.Event) -> None:
        """What is done with an event whose turn it is."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._went_to = self.focused or self.screen
        await super().on_event(event)

    async def _screen_is_there(self) -> bool:
        """A key that comes while a screen opens is that screen's, and waits for it. False: the app is being left."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_OPENING_SECONDS):
                while not self.screen.is_mounted:  # noqa: ASYNC110  # Textual tells only those who open the screen
                    await asyncio.sleep(0.002)
        return self.screen.is_attached

    def _end_turn(self, event: events.Event) -> None:
        if event.is_forwarded and self._went_to is not None:
            self._turns.follow(self._went_to)
        else:
            self._turns.end()

    @on(TurnOver)
    def _turn_over(self, message: TurnOver) -> None:
        self._turns.end(message.number)
