"""Where a person is in a run through questions, and what can be done there."""

from enum import Enum, auto


class Phase(Enum):
    """What a person does now."""

    ANSWERING = auto()
    MARKING = auto()  # one's own answer, beside the author's
    RECORDING = auto()  # the answer is on its way to the disk; a second Enter is not a second answer
    CHECKED = auto()
    SUMMARY = auto()
    SENT = auto()


WHEN: dict[str, tuple[Phase, ...]] = {
    "check": (Phase.ANSWERING, Phase.MARKING),
    "skip": (Phase.ANSWERING,),
    "hint": (Phase.ANSWERING,),
    "proceed": (Phase.CHECKED, Phase.SUMMARY, Phase.SENT),
    "retry": (Phase.CHECKED,),
    "tell_why": (Phase.CHECKED,),
    "again": (Phase.SUMMARY,),
    "rest": (Phase.SUMMARY,),
    "send": (Phase.SUMMARY,),
    "step": (Phase.ANSWERING, Phase.CHECKED, Phase.SUMMARY),
}
"""The actions that make sense in some phases only."""
