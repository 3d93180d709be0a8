"""Where a person is in a run through questions."""

from enum import Enum, auto


class Phase(Enum):
    """What a person does now."""

    CARD = auto()  # what an assessment asks for, before anything is asked
    ANSWERING = auto()
    MARKING = auto()  # one's own answer, beside the author's
    RECORDING = auto()  # on its way to the disk; a second Enter is not a second answer
    WAITING = auto()  # for an attempt to be begun, or to be in the file
    CHECKED = auto()
    SUMMARY = auto()
    SENT = auto()


ASKED = (Phase.ANSWERING, Phase.MARKING, Phase.RECORDING, Phase.CHECKED)
"""The phases in which a question is on the screen."""
