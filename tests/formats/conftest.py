"""Course folders made on the spot."""

from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[[dict[str, str | bytes]], Path]


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
