"""The entry card of an assessment, from what the cache knows."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo

from lms_tui.cache.attempts import Attempt
from lms_tui.cache.store import Cache
from lms_tui.model.course import Rules, SectionType
from lms_tui.model.errors import BadInput, LmsError
from lms_tui.views.assessing import AttemptNode, Entry, Standing, receipt_of, when
from lms_tui.views.attempting import seconds_left
from lms_tui.views.words import minutes

GRACE = timedelta(seconds=60)
"""How long after the time limit the database still counts what is handed in."""

_HIDDEN = "It is open; its questions come as soon as the database can be reached."
_STANDINGS = {
    "waiting": Standing.RECEIVED,
    "graded": Standing.GRADED,
    "over_limit": Standing.OVER_LIMIT,
    "late": Standing.LATE,
    "early": Standing.EARLY,
}


class Entries:
    """Reads of entry cards. ``zone`` is the person's; ``enrols``: whether taking an assessment takes its course, too."""

    def __init__(self, cache: Cache, zone: Callable[[], tzinfo], enrols: bool) -> None:
        self._cache = cache
        self._zone = zone
        self._enrols = enrols

    def of(self, section_id: str) -> Entry:
        """The card of an ASSESSMENT, as it is now. Raises ``NotFound``, and ``BadInput`` for another section."""
        opened = self._cache.content.section(section_id)
        if opened.content.type is not SectionType.ASSESSMENT:
            raise BadInput(f"“{opened.content.title}” is not an assessment.")
        now, rules = self._cache.clock.now(), opened.section.rules
        attempts = tuple(attempt_node(attempt, rules, now) for attempt in self._cache.attempts.of(section_id))
        under_way = next((attempt for attempt in reversed(attempts) if attempt.standing is Standing.UNDER_WAY), None)
        used = sum(_uses_up(attempt) for attempt in attempts)
        left = None if rules.attempts is None else max(0, rules.attempts - used)
        seconds = _seconds_left(under_way, rules, now)
        refusal = None if under_way else self._refusal(opened.course, rules, attempts, left, now)
        if refusal is None and opened.section.hidden_questions and not opened.section.questions:
            refusal = self._not_open(rules, now) or _HIDDEN
        scores = [attempt.score for attempt in attempts if attempt.score is not None]
        passes = [attempt.passed for attempt in attempts if attempt.passed is not None]
        return Entry(
            may_start=refusal is None,
            sentence=refusal or self._invitation(under_way, rules, used, seconds),
            attempts_limit=rules.attempts,
            attempts_used=used,
            attempts_left=left,
            time_limit_seconds=rules.time_limit_seconds,
            seconds_left=seconds,
            opens=rules.opens,
            closes=rules.closes,
            needs_connection=rules.connection == "required",
            pass_mark=rules.pass_mark,
            best_score=max(scores, default=None),
            passed=any(passes) if passes else None,
            under_way=under_way,
            attempts=attempts,
        )

    def under_way(self) -> tuple[str, Entry] | None:
        """The section of the attempt under way, with its card; of several, the one with the least time left. None where none is."""
        found = []
        for section_id in self._cache.attempts.open_sections():
            with suppress(LmsError):  # the course is not on this machine any more
                found.append((section_id, self.of(section_id)))
        now = self._cache.clock.now()
        running = [(section_id, entry) for section_id, entry in found if entry.under_way is not None]
        return min(running, key=lambda one: math.inf if (left := seconds_left(one[1], now)) is None else left, default=None)

    def _refusal(self, course_id: str, rules: Rules, attempts: Sequence[AttemptNode], left: int | None, now: datetime) -> str | None:
        """Why no attempt may begin now, in a sentence; None where one may."""
        if (not_open := self._not_open(rules, now)) is not None:
            return not_open
        if rules.closes and now > rules.closes:
            return f"It closed {self._when(rules.closes, now)}."
        if any(attempt.standing is Standing.QUEUED for attempt in attempts):
            return "What you handed in is not sent yet; the next attempt can begin once the database has it."
        if left == 0:
            return "The one attempt is used up." if rules.attempts == 1 else f"All {rules.attempts} attempts are used up."
        standing = self._cache.progress.standings([course_id]).get(course_id)
        if not self._enrols and not (standing and standing.enrolled):
            return "Take the course first, so that an attempt can count."
        return None

    def _not_open(self, rules: Rules, now: datetime) -> str | None:
        return f"It opens {self._when(rules.opens, now)}." if rules.opens and now < rules.opens else None

    def _invitation(self, under_way: AttemptNode | None, rules: Rules, used: int, seconds: int | None) -> str:
        if under_way is not None:
            began = f" that began {self._when(under_way.started_at, self._cache.clock.now())}" if under_way.started_at else ""
            return f"Enter goes on with the attempt{began}{f'; {minutes(seconds)} left' if seconds is not None else ''}."
        attempt = f"attempt {used + 1} of {rules.attempts}" if rules.attempts else f"attempt {used + 1}"
        limit = f"; you have {minutes(rules.time_limit_seconds)} from then on" if rules.time_limit_seconds else ""
        needed = "; the database has to be reached" if rules.connection == "required" else ""
        return f"Enter begins {attempt}{limit}{needed}."

    def _when(self, at: datetime, now: datetime) -> str:
        return _at(at, self._zone(), now)


def _at(at: datetime, zone: tzinfo, now: datetime) -> str:
    words = when(at, zone, now)
    return f"at {words}" if words[0].isdigit() else f"on {words}"


def attempt_node(attempt: Attempt, rules: Rules, now: datetime) -> AttemptNode:
    """An attempt as it is shown. ``passed`` is None without a pass mark or a score."""
    row = attempt.row
    started_at = attempt.begun_at or (row.started_at if row else None)
    score = None if row is None or row.score is None else float(row.score)
    return AttemptNode(
        id=attempt.id,
        receipt=receipt_of(attempt.id),
        started_at=started_at,
        answered_at=attempt.handed_in_at or (row.at if row else None),
        received_at=row.received_at if row else None,
        standing=_standing(attempt, started_at, rules, now),
        score=score,
        passed=None if score is None or rules.pass_mark is None else score >= rules.pass_mark,
    )


def _uses_up(attempt: AttemptNode) -> bool:
    """Whether it is one of those that are allowed: not before the opening, beyond the limit, or without a beginning and too late."""
    return attempt.standing not in (Standing.OVER_LIMIT, Standing.EARLY) and (
        attempt.standing is not Standing.LATE or attempt.started_at is not None
    )


def _standing(attempt: Attempt, started_at: datetime | None, rules: Rules, now: datetime) -> Standing:
    if attempt.handed_in_at is not None:
        return Standing.QUEUED
    if attempt.row is not None and attempt.row.standing != "started":
        return _STANDINGS.get(attempt.row.standing, Standing.RECEIVED)
    limit = _limit(started_at, rules)
    late = (limit is not None and now > limit + GRACE) or (rules.closes is not None and now > rules.closes)
    return Standing.LATE if late else Standing.UNDER_WAY


def _limit(started_at: datetime | None, rules: Rules) -> datetime | None:
    """When the time limit of an attempt is reached; None: never."""
    return started_at + timedelta(seconds=rules.time_limit_seconds) if started_at and rules.time_limit_seconds else None


def _over(started_at: datetime | None, rules: Rules) -> datetime | None:
    """When an attempt's time is over, by its limit or because the assessment closes; None: never."""
    return min(filter(None, (_limit(started_at, rules), rules.closes)), default=None)


def _seconds_left(under_way: AttemptNode | None, rules: Rules, now: datetime) -> int | None:
    over = _over(under_way.started_at, rules) if under_way and rules.time_limit_seconds else None
    return None if over is None else max(0, math.ceil((over - now).total_seconds()))
