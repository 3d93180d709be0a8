"""An ASSESSMENT in words: the facts of its entry card, the time that is left, and what became of an attempt.

``now`` is the time where the person is; other times are told in its zone.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from lms_tui.model.question import Question
from lms_tui.views.assessing import AttemptNode, Entry, Standing, when
from lms_tui.views.practice import points
from lms_tui.views.words import counted, minutes, score

_ANNOUNCED_SECONDS = (300, 60)
_JUST_PASSED_SECONDS = 5
_SOON_SECONDS = 3600
_COUNTED = (Standing.QUEUED, Standing.RECEIVED, Standing.GRADED)
_SHAPES = {Standing.UNDER_WAY: "◐", Standing.QUEUED: "○", Standing.RECEIVED: "●"}


def seconds_left(entry: Entry, now: datetime) -> int | None:
    """Of the attempt under way: by its limit, or because the assessment closes soon; None where it has time, or none is under way."""
    if entry.under_way is None or entry.seconds_left is not None or entry.closes is None:
        return entry.seconds_left if entry.under_way is not None else None
    until_closing = math.ceil((entry.closes - now).total_seconds())
    return max(0, until_closing) if until_closing <= _SOON_SECONDS else None


def under_way(entry: Entry | None, now: datetime) -> str:
    """``attempt under way, 29 min left``; nothing where none is."""
    if entry is None or entry.under_way is None:
        return ""
    left = seconds_left(entry, now)
    return "attempt under way" if left is None else f"attempt under way, {time_left(left)}"


def time_left(seconds: int) -> str:
    """``12 min left``; the last minute in seconds."""
    return f"{minutes(seconds)} left" if seconds > 0 else "time is up"


def announcement(before: int, now: int) -> str:
    """What is said aloud when so many seconds are left, and a moment ago it were more; mostly nothing."""
    passed = [mark for mark in _ANNOUNCED_SECONDS if now <= mark < before]
    if not passed or now <= 0:
        return ""
    asleep = passed[-1] - now > _JUST_PASSED_SECONDS
    return f"{minutes(now if asleep else passed[-1])} left."


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def how_far(at: datetime, now: datetime) -> str:
    """How far off a time is: ``in 2 days``, ``5 min ago``."""
    at = at.astimezone(now.tzinfo)
    seconds = abs(int((at - now).total_seconds()))
    days = abs((at.date() - now.date()).days)
    span = counted(days, "day") if days and seconds >= 12 * 3600 else minutes(max(60, seconds))
    return f"in {span}" if at > now else f"{span} ago"


def what_is_asked(questions: Sequence[Question], count: int) -> str:
    """``2 questions · 3 points``; of questions that are not here, how many they are."""
    if not questions and count:
        return counted(count, "question")
    total = sum((question.points for question in questions), Decimal(0))
    return f"{counted(len(questions), 'question')} · {points(total)} {'point' if total == 1 else 'points'}"


def facts(entry: Entry, now: datetime) -> list[tuple[str, str]]:
    """The facts of an entry card: a name and what is true of it."""
    listed = [("attempts", _attempts(entry)), ("time limit", minutes(entry.time_limit_seconds) if entry.time_limit_seconds else "none")]
    for name, at in (("opens", entry.opens), ("closes", entry.closes)):
        if at is not None:
            listed.append((name, f"{when(at, _zone(now), now)}, {how_far(at, now)}"))
    listed.append(("pass mark", score(entry.pass_mark) or "none"))
    listed.append(("needs a connection", "yes" if entry.needs_connection else "no"))
    if entry.best_score is not None:
        listed.append(("best score", " · ".join(filter(None, (score(entry.best_score), passed_words(entry.passed))))))
    return listed


def _attempts(entry: Entry) -> str:
    if entry.attempts_limit is None or entry.attempts_left is None:
        return f"no limit, {entry.attempts_used} used" if entry.attempts_used else "no limit"
    return f"{entry.attempts_left} of {entry.attempts_limit} left"


def passed_words(passed: bool | None) -> str:
    """``✓ passed``, ``✗ not passed``, or nothing where neither is known."""
    return "" if passed is None else "✓ passed" if passed else "✗ not passed"


def shape(attempt: AttemptNode) -> str:
    """The shape of a standing, so that it is seen without colour."""
    if attempt.standing is Standing.GRADED:
        return "✗" if attempt.passed is False else "✓"
    return _SHAPES.get(attempt.standing, "!")


def attempt_line(attempt: AttemptNode, now: datetime) -> str:
    """An attempt in a line: ``✓ graded · Mon 30 Nov 14:03 · 80 % · passed · id 7QX9``."""
    at = attempt.answered_at or attempt.started_at
    time = when(at, _zone(now), now) if at else ""
    passed = "" if attempt.passed is None else "passed" if attempt.passed else "not passed"
    parts = (f"{shape(attempt)} {attempt.standing}", time, score(attempt.score), passed, f"id {attempt.receipt}")
    return " · ".join(part for part in parts if part)


def result(attempt: AttemptNode, pass_mark: float | None) -> str:
    """What became of an attempt, in a few words."""
    match attempt.standing:
        case Standing.GRADED:
            word = {None: "Graded", True: "Passed", False: "Not passed"}[attempt.passed]
            asked = f"pass mark {score(pass_mark)}" if pass_mark is not None else ""
            return f"{shape(attempt)} " + " · ".join(part for part in (word, score(attempt.score), asked) if part)
        case Standing.RECEIVED:
            return f"{shape(attempt)} Handed in"
        case Standing.QUEUED:
            return f"{shape(attempt)} Saved here, not sent yet"
        case _:
            return f"{shape(attempt)} {attempt.standing.capitalize()}"


def what_comes(attempt: AttemptNode, self_marked: int) -> list[str]:
    """What a person has to know of an attempt besides, a sentence each; so many of its answers no program grades."""
    if attempt.standing not in _COUNTED:
        return []
    said = ["The score comes here as soon as it is graded."] if attempt.standing is Standing.RECEIVED else []
    if self_marked:
        are, they = ("is", "it is") if self_marked == 1 else ("are", "they are")
        said.append(f"{counted(self_marked, 'answer')} {are} for a person to judge: {they} kept, and not part of the score.")
    return said


def before_sending(answered: int, begun: int, without: int) -> str:
    """What is still open when the answers are sent, and that they can be sent all the same; nothing where all are there."""
    parts = [f"{counted(without, 'question')} {'has' if without == 1 else 'have'} no answer"] if without else []
    if begun:
        parts.append(f"{counted(begun, 'answer')} {'is' if begun == 1 else 'are'} unfinished")
    return f"{' and '.join(parts)}. Enter sends all the same." if parts and answered + begun else ""
