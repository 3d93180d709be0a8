"""The queue, what was refused, the runs and the downloads: rows of the cache as the views that are shown."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import asdict

from lms_tui import paths
from lms_tui.cache.ledger import Run
from lms_tui.cache.outbox import Problem as RefusedEvent
from lms_tui.cache.shelf import Titles
from lms_tui.cache.store import Cache
from lms_tui.library import following, nodes, private_file
from lms_tui.model.errors import BadInput, StorageFailed
from lms_tui.views.nodes import Status
from lms_tui.views.refusals import SAFE, deferral, rejection
from lms_tui.views.syncing import Download, Problem, PutOff, RunNode, SyncOverview, Waiting, deed, how_bad, kinds, run_words

_MOST_COUNTED_BY_KIND = 20_000  # more of them take longer than a screen may
_MOST_SHOWN = 1000


def overview(cache: Cache, status: Status) -> SyncOverview:
    """All of it, as it stands in the cache file."""
    counts = cache.outbox.counts()
    kinds_waiting = cache.outbox.waiting() if counts.queued <= _MOST_COUNTED_BY_KIND else {}
    waiting = sorted(kinds_waiting.items(), key=lambda kind: how_bad(kind[0]))
    return SyncOverview(
        state=status.state,
        since=status.since,
        reason=status.reason,
        queued=counts.queued,
        deferred=counts.deferred,
        oldest_queued_at=counts.oldest_at,
        needs_you=counts.rejected,
        last_sync_at=status.last_sync_at,
        waiting=tuple(Waiting(kind=kind, count=count, said=kinds(kind, count)) for kind, count in waiting),
        put_off=_put_off(cache) if counts.deferred else (),
        runs=tuple(_run(run) for run in cache.ledger.runs()),
        problems=problems(cache, _MOST_SHOWN) if counts.rejected else (),
        person=status.person,
        place=status.place,
        device=cache.device_id,
        read_only=cache.read_only,
        leader=following.leader(cache),
        cloned_at=cache.cloned_at,
        as_of=cache.now(),
    )


def _put_off(cache: Cache) -> tuple[PutOff, ...]:
    def said(code: str) -> str:
        words = deferral(code)
        return f"{words.happened} {words.next_step}"

    return tuple(PutOff(code=code, count=count, said=said(code)) for code, count in cache.outbox.put_off().items())


def _run(run: Run) -> RunNode:
    node = RunNode(**asdict(run))
    return msgspec.structs.replace(node, said=run_words(node))


def problems(cache: Cache, limit: int = -1) -> tuple[Problem, ...]:
    """What the database refused: what a person minds most first, then the oldest."""
    refused = cache.outbox.problems(limit)
    titles = cache.content.titles([(one.event.course, one.event.section) for one in refused])
    shown = [_problem(one, called) for one, called in zip(refused, titles, strict=True)]
    return tuple(sorted(shown, key=lambda problem: how_bad(problem.kind)))


def _problem(refused: RefusedEvent, called: Titles) -> Problem:
    event, words = refused.event, rejection(refused.code)
    what = deed(event.kind, called.course, called.section, of_section=event.section is not None, seconds=event.body.get("seconds"))
    return Problem(
        id=event.id,
        kind=event.kind,
        what=what,
        course=called.course,
        section=called.section,
        at=event.at,
        code=refused.code,
        short=words.short,
        happened=words.happened,
        safe=SAFE,
        next_step=words.next_step,
        detail=refused.detail,
    )


def export(cache: Cache, folder: Path, path: Path | None) -> Path:
    """Writes all that the database refused into a new file that only this person may read; without a path, one in the profile's folder.

    Raises ``BadInput`` where there is nothing to write or something in the way, ``StorageFailed`` where it cannot be written.
    """
    refused = cache.outbox.problems()
    if not refused:
        raise BadInput("There is nothing to export: the database refused nothing.")
    person = cache.person
    document = {
        "exported_at": cache.clock.now(),
        "device": cache.device_id,
        "institution": person.institution_id if person else None,
        "user": person.user_id if person else None,
        "events": [{"code": one.code, "detail": one.detail, "event": one.event} for one in refused],
    }
    try:
        path = path or _export_file(cache, folder)
        private_file.write_new(path, msgspec.json.format(msgspec.json.encode(document), indent=2))
    except FileExistsError as error:
        raise BadInput(f"{path} is there already, and was left as it is.", "Name a new file.") from error
    except OSError as error:
        raise StorageFailed(f"{path or folder} cannot be written: {error.strerror}.", "Name a file in another folder.") from error
    return path


def _export_file(cache: Cache, folder: Path) -> Path:
    """A name that is free in the profile's folder of exports, which is made where it is missing."""
    exports = paths.private_folder(folder / "export")
    name = f"refused-{cache.now():%Y%m%d-%H%M%S}"
    names = [f"{name}.json", *(f"{name}-{number}.json" for number in range(2, 100))]
    return next(path for path in (exports / one for one in names) if not path.exists())


def downloads(cache: Cache, only: Sequence[str] | None = None) -> tuple[Download, ...]:
    """The courses that are kept here, then those that the person removed; of ``only`` these ids, where given."""
    kept = [one for one in cache.content.kept() if only is None or one.listed.course.id in only]
    gone = cache.content.listed_of(sorted(one for one in cache.removed.all() if only is None or one in only))
    gone = tuple(listed for listed in gone if not listed.downloaded)
    standings = cache.progress.standings([one.listed.course.id for one in kept])
    here: list[Download] = []
    for one, node in zip(kept, nodes.course_nodes(cache, [one.listed for one in kept]), strict=True):
        standing = standings.get(node.id)
        newest = max(one.newest_version, standing.content_version if standing else 0)
        here.append(
            Download(
                course=node,
                bytes=one.bytes,
                content_version=node.content_version,
                newest_version=newest,
                fetched_at=one.fetched_at,
                as_of=one.listed.as_of,
                up_to_date=node.content_version >= newest,
            )
        )
    removed = (Download(course=node, newest_version=node.content_version) for node in nodes.course_nodes(cache, gone))
    return (*here, *removed)


def remove(cache: Cache, refs: Sequence[str]) -> tuple[Download, ...]:
    """Removes the content of these courses, all or none where one is not known, and remembers that it is not wanted here."""
    course_ids = list(dict.fromkeys(cache.content.find(ref).course for ref in refs))
    cache.removed.add(course_ids)
    for course_id in course_ids:
        cache.content.remove(course_id)
    return downloads(cache, course_ids)
