"""Files of a course, read by name below its folder and nowhere else."""

import codecs
import os
import re
import stat
from pathlib import Path, PurePosixPath

from lms_tui.formats.imported import Findings
from lms_tui.model.errors import BadInput
from lms_tui.model.text import clean, clean_line

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_COURSE_BYTES = 500 * 1024 * 1024
MAX_FILES = 20_000
MAX_DEPTH = 20

_UNCHANGED = "The library is as it was."
_NUMBERS = re.compile(r"([0-9]+)")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key by which ``2-b`` comes before ``10-a``."""
    parts = _NUMBERS.split(name.casefold())
    return tuple((0, int(part[:18]), part) if number % 2 else (1, 0, part) for number, part in enumerate(parts) if part)


class Folder:
    """A course's folder. Names are relative, with ``/``; hidden files are passed over and links to folders are not followed."""

    def __init__(self, root: Path, findings: Findings) -> None:
        """Raises BadInput when the root is no folder that can be read, or holds more than 20,000 files."""
        try:
            self.root = root.resolve(strict=True)
            self.names = frozenset(self._walk(findings))
        except (OSError, RuntimeError) as error:
            raise BadInput(f"{clean_line(str(root))} cannot be read: {_reason(error)}.", _UNCHANGED) from error
        self._findings = findings
        self._left = MAX_COURSE_BYTES

    def named(self, suffix: str, under: str = "") -> list[str]:
        """Names with that ending, below ``under``, in natural order."""
        start = f"{under}/" if under else ""
        found = (name for name in self.names if name.startswith(start) and name.casefold().endswith(suffix))
        return sorted(found, key=lambda name: tuple(natural(part) for part in name.split("/")))

    def text(self, name: str) -> str:
        """A file's text: decoded, with ``\\n`` at line ends, without escape sequences and control bytes.

        Raises BadInput when the name leads outside, or the file is missing, too large or not a plain file.
        """
        return clean(self._decoded(name, self._bytes(name)))

    def _walk(self, findings: Findings) -> list[str]:
        names: list[str] = []
        waiting = [("", 0)]
        while waiting:
            under, depth = waiting.pop()
            with os.scandir(self.root / under) as entries:
                for entry in entries:
                    name = under + entry.name
                    if entry.name.startswith("."):
                        continue
                    if clean_line(name) != name or "\\" in name:
                        findings.warn(clean_line(name), 0, "was left out: its name holds characters that are not safe")
                    elif not entry.is_dir(follow_symlinks=False):
                        names.append(name)
                    elif depth < MAX_DEPTH:
                        waiting.append((name + "/", depth + 1))
                    else:
                        findings.warn(name, 0, f"was left out: it is more than {MAX_DEPTH} folders deep")
                    if len(names) > MAX_FILES:
                        raise BadInput(f"There are more than {MAX_FILES:,} files in the folder.", _UNCHANGED)
        return names

    def _bytes(self, name: str) -> bytes:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
            raise BadInput(f"{clean_line(name)}: leads outside the course's folder.", _UNCHANGED)
        try:
            resolved = (self.root / path).resolve(strict=True)
            about = resolved.stat()
            if not resolved.is_relative_to(self.root):
                raise BadInput(f"{clean_line(name)}: leads outside the course's folder.", _UNCHANGED)
            if not stat.S_ISREG(about.st_mode):
                raise BadInput(f"{clean_line(name)}: is not a file.", _UNCHANGED)
            if about.st_size > MAX_FILE_BYTES or about.st_size > self._left:
                raise BadInput(f"{clean_line(name)}: is too large (50 MB a file, 500 MB a course at most).", _UNCHANGED)
            with resolved.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except (OSError, RuntimeError) as error:
            raise BadInput(f"{clean_line(name)}: cannot be read: {_reason(error)}.", _UNCHANGED) from error
        self._left -= len(content)
        return content

    def _decoded(self, name: str, content: bytes) -> str:
        encoding = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._findings.warn(name, line, "is not UTF-8; it was read as Latin-1, so some letters may be wrong")
            return content.decode("latin-1")


def _reason(error: OSError | RuntimeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "a loop of links"
