"""Course folders made on the spot, and the real courses."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Make:
    """Makes a course's folder from files given by name."""

    def make(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "a-course"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return make


@pytest.fixture
def shared_courses() -> Path:
    """The folder of real courses; the test is skipped where there is none."""
    shared = Path(os.environ.get("LMS_TUI_SHARED") or Path(__file__).parents[2].parent / "shared") / "courses"
    if not shared.is_dir():
        pytest.skip("the real courses are not here: set LMS_TUI_SHARED")
    return shared
