"""Transcripts of videos (WebVTT, SubRip) as paragraphs of Markdown."""

import re

from lms_tui.model.text import one_spaced

_TIMES = re.compile(r"\s*(?:[0-9]+:)?[0-9]{1,2}:[0-9]{2}[.,][0-9]{1,3}\s+-->\s")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[0-9:.]+>", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
_LONG_ENOUGH = 300


def paragraphs(text: str) -> str:
    """The words of the cues, without times and tags; a new paragraph begins after a sentence when one is long enough."""
    done: list[str] = []
    now = ""
    for words in _cues(text.split("\n")):
        now = f"{now} {words}".strip()
        if len(now) >= _LONG_ENOUGH and now.endswith((".", "?", "!", "…")):
            done.append(now)
            now = ""
    return "\n\n".join([*done, now] if now else done)


def _cues(lines: list[str]) -> list[str]:
    cues: list[str] = []
    spoken: list[str] | None = None
    for line in [*lines, ""]:
        if _TIMES.match(line):
            spoken = []
        elif line.strip() and spoken is not None:
            spoken.append(_TAG.sub("", _VOICE.sub(r"\1: ", line)))
        elif spoken is not None:
            words = one_spaced(" ".join(spoken))
            if words and words not in cues[-1:]:
                cues.append(words)
            spoken = None
    return cues
