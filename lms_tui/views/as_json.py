"""The documents that ``--json`` prints: times in ISO 8601 with a zone, durations in seconds, shares from 0 to 100."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import msgspec
from msgspec.structs import replace

from lms_tui.model.invitation import Invitation
from lms_tui.views.administration import DatabaseState, Prepared
from lms_tui.views.answering import Answered
from lms_tui.views.checking import CheckReport
from lms_tui.views.health import Health
from lms_tui.views.importing import ImportReport
from lms_tui.views.nodes import ContinueCard, CourseList, CourseNode, Done, Outline, SectionNode, SectionPage, Study, SyncReport
from lms_tui.views.profiles import LoggedIn, ProfileNode
from lms_tui.views.searching import Results
from lms_tui.views.syncing import Download, Problems, SyncOverview

Document = dict[str, Any]
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def course(node: CourseNode) -> Document:
    """A course in a list."""
    return _plain(node)


def courses(page: CourseList) -> Document:
    """A page of the catalogue: ``{items, next, as_of, source}``."""
    return _plain(page)


def results(view: Results) -> Document:
    """What a search found: ``{items, next, as_of, source}``; a passage is a list of texts, each with whether it is a match."""
    document = _plain(view)
    del document["notice"]  # a sentence for people
    return {"items": document.pop("items"), "next": None} | document


def outline(view: Outline) -> Document:
    """A course node with its ``lessons``, and their ``sections``."""
    document = _plain(view)
    course: Document = document.pop("course")
    return course | document


def page(view: SectionPage) -> Document:
    """A section node with its body and questions, the course and lesson it is in, and its neighbours' refs."""
    document = _plain(view)
    lesson = {"ref": document.pop("lesson_ref"), "title": document.pop("lesson_title")}
    section: Document = document.pop("section")
    return section | document | {"lesson": lesson}


def next_up(card: ContinueCard | None) -> Document:
    """The section to go on with, as a node with its course; all null where nothing is left to do."""
    if card is None:
        return dict.fromkeys((*SectionNode.__struct_fields__, "course", "lesson", "started", "place"))
    document = _plain(card)
    section: Document = document.pop("section")
    return section | {"lesson": {"title": document.pop("lesson_title")}} | document


def study(view: Study) -> Document:
    """Totals, courses and days of study."""
    document = _plain(view)
    return {"items": document.pop("courses"), "next": None} | document


def answered(view: Answered) -> Document:
    """The section node with ``results`` by question, ``pending`` events and, of an assessment, the ``attempt``."""
    document = _plain(view)
    del document["receipt"], document["unsent"]  # sentences for people
    section: Document = document.pop("section")
    return section | document


def done(view: Done) -> Document:
    """``{items: [section nodes], pending}``."""
    document = _plain(view)
    for name in ("taken", "unsent"):  # for sentences
        del document[name]
    return document


def sync(report: SyncReport) -> Document:
    """What a run of sync did: ``{state, sent, applied, duplicate, rejected, deferred, pending}``."""
    document = _plain(report)
    del document["reason"]  # a sentence for people
    return document


def queue(view: SyncOverview) -> Document:
    """The queue, what is refused, and the last runs."""
    return _plain(replace(view, as_of=view.as_of.astimezone(UTC)))


def problems(view: Problems) -> Document:
    """``{items, retried, exported}``."""
    return _plain(view)


def downloads(items: tuple[Download, ...]) -> Document:
    """``{items, next}``: courses, and what is here of each."""
    return {"items": [_plain(one) for one in items], "next": None}


def imported(report: ImportReport) -> Document:
    """The counts of the course's format, beside the course's ``id`` and ``ref`` and the ``warnings``."""
    document = _plain(report)
    for name in ("lesson_count", "sections", "question_count"):  # the model has them by its own names
        del document[name]
    model: Document = document.pop("model")
    return model | document


def checked(report: CheckReport) -> Document:
    """The counts of the course's format, beside ``ok`` and the ``problems``."""
    document = _plain(report)
    model: Document = document.pop("model")
    return model | document


def profiles(found: Sequence[ProfileNode]) -> Document:
    """``items``: the profiles on this machine."""
    return {"items": [_profile(node) for node in found]}


def logged_in(view: LoggedIn) -> Document:
    """The profile with ``password_file`` and ``notes``."""
    document = _plain(view)
    del document["profile"]
    return _profile(view.profile) | document


def _profile(node: ProfileNode) -> Document:
    return _plain(replace(node, last_sync_at=node.last_sync_at and node.last_sync_at.astimezone(UTC)))


def database_state(view: DatabaseState) -> Document:
    """A database's revision, and the newest there is."""
    return _plain(view)


def prepared(view: Prepared) -> Document:
    """A database that is ready, and who was invited to it."""
    return _plain(view)


def invitation(view: Invitation) -> Document:
    """The invitation itself, with its password."""
    return _plain(view)


def health(view: Health) -> Document:
    """``{ok, checks: [{name, ok, detail, hint}]}``; the hint is empty where all is well."""
    return _plain(replace(view, checks=tuple(replace(check, hint="") if check.ok else check for check in view.checks)))


def encode(document: object) -> str:
    """One JSON document, indented, as text."""
    return msgspec.json.format(_ENCODER.encode(document), indent=2).decode()


def _plain(value: object) -> Document:
    return msgspec.json.decode(_ENCODER.encode(value), type=Document)
