"""What is kept on this machine, over restarts and beside a real database."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui.db.embedded.server import Server
from lms_tui.library import Library
from lms_tui.model.catalog import Filters
from tests.library.test_two_windows import running, until
from tests.screens.sample import put_into_cache


@pytest.fixture
def with_a_server(home: Path) -> Iterator[None]:
    yield
    Server.stop(home / "data" / "server")


def versions(library: Library) -> dict[str, int]:
    return {one.course.ref: one.content_version for one in library.downloads()}


async def refreshed(library: Library) -> None:
    """Until the loop behind has fetched what it fetches by itself."""
    news = asyncio.Event()
    library.listener = lambda change: news.set() if change.name == "CONTENT" else None
    await asyncio.wait_for(news.wait(), 60)
    library.listener = None


@pytest.mark.usefixtures("with_a_server")
async def test_a_removed_course_stays_removed_over_a_restart_until_it_is_downloaded() -> None:
    async with running(Library.open()) as library:
        await until(lambda: versions(library).get("tour", 0) > 0)
        [tour] = [one for one in library.downloads() if one.course.ref == "tour"]
        assert tour.up_to_date
        assert tour.bytes > 1000
        page = library.page("tour")
        await library.opened(page.section.id)
        assert [one.content_version for one in await library.remove(["tour"])] == [0]
        await library.sync()
        assert library.status().queued == 0, "the work of a removed course is sent"
    async with running(Library.open()) as library:
        await refreshed(library)
        await library.sync()
        assert versions(library)["tour"] == 0
        [back] = await library.download(["tour"])
        assert (back.content_version, back.up_to_date) == (tour.content_version, True)
        assert library.page(page.section.ref).section.progress.last_accessed_at is not None
        again, [same] = back, await library.download([page.section.ref])
        assert same.fetched_at == again.fetched_at, "what is the newest already is not fetched again"
        assert same.as_of is not None
        assert again.as_of is not None
        assert same.as_of > again.as_of
    async with running(Library.open()) as library:
        await refreshed(library)
        assert versions(library)["tour"] > 0


def write_course(folder: Path, body: str) -> Path:
    (folder / "begin").mkdir(parents=True, exist_ok=True)
    (folder / "course.md").write_text("---\nid: small\ntitle: Small\nlicense: CC0-1.0\n---\n")
    (folder / "begin" / "lesson.md").write_text("---\ntitle: Begin\n---\n")
    (folder / "begin" / "01-page.md").write_text(f"---\ntitle: A page\n---\n{body}\n")
    return folder


@pytest.mark.usefixtures("with_a_server")
async def test_what_is_newer_in_the_database_is_fetched_by_itself(tmp_path: Path) -> None:
    folder = write_course(tmp_path / "small", "Before.")
    library = Library.open()
    await library.connect()
    course_id = (await library.import_path(folder)).id
    before = library._cache.content.whole(course_id)
    await library.import_path(write_course(folder, "After."))
    [now] = [one for one in library.downloads() if one.course.id == course_id]
    library._cache.content.put(before, content_version=now.content_version - 1)  # as on a machine where nobody imported it
    async with running(library):
        await until(lambda: versions(library)["small"] == now.content_version)
        assert library.page("small").body.strip() == "After."


async def test_what_is_removed_is_remembered_without_its_content() -> None:
    put_into_cache()
    library = Library.open(offline=True)
    await library.remove(["tides"])
    await library.remove(["tides"])
    library._cache.content.drop_all()
    assert library.downloads() == ()
    assert len(library._cache.removed.all()) == 1
    await library.close()


@pytest.mark.usefixtures("with_a_server")
async def test_what_was_dropped_with_its_tables_is_fetched_again_wherever_it_stands_in_the_catalogue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(Library.open()) as library:
        await until(lambda: versions(library).get("tour", 0) > 0)
    library = Library.open()
    monkeypatch.setattr(type(library._backend), "personal", False)  # nothing is fetched because it is listed
    had = versions(library)
    library._cache.content.drop_all()
    assert versions(library) == {}
    await library.refresh()
    assert versions(library) == had
    assert library._cache.dropped.all() == frozenset()
    await library.close()


@pytest.mark.usefixtures("with_a_server")
async def test_what_is_newer_is_fetched_beyond_the_first_page_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library.open()
    await library.sync()
    await library.refresh()
    had = versions(library)
    assert len(had) > 1
    cache = library._cache
    for course in cache.content.downloaded():
        cache.content.put(cache.content.whole(course.id), content_version=course.content_version - 1)
    monkeypatch.setattr("lms_tui.library.fetching.EVERYTHING", Filters(limit=1))
    assert versions(library) != had
    await library.refresh()
    assert versions(library) == had
    await library.close()
