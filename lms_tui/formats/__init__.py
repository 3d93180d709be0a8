"""Course formats in: a folder becomes a ``Course`` of the model. Nothing in it is run, and nothing outside it is read."""

from collections.abc import Callable
from pathlib import Path

from lms_tui.formats import carpentries, native
from lms_tui.formats.imported import Findings, Imported, ImportWarning
from lms_tui.formats.reading import Folder
from lms_tui.model.errors import BadInput
from lms_tui.model.text import clean_line

__all__ = ["FORMATS", "ImportWarning", "Imported", "read"]

FORMATS: dict[str, Callable[[Folder, Findings], Imported]] = {"native": native.read, "carpentries": carpentries.read}

_KNOWN = "native (a folder of Markdown files, with or without course.md) and carpentries (a Workbench lesson: config.yaml and episodes/)"
_NOT_YET = {
    "book.toml": "an mdBook",
    "imsmanifest.xml": "an IMS or SCORM package",
    "course.xml": "an Open edX course",
    "_config.yml": "a lesson of the older Carpentries style, or another Jekyll site",
    "moodle_backup.xml": "a Moodle backup",
}


def read(path: Path, format: str | None = None, findings: Findings | None = None) -> Imported:
    """The course in a folder, without ids. Raises BadInput, naming file and line where it can; then nothing of it is taken.

    ``findings``, where it is given, knows afterwards what was odd until then, and where each thing stands.
    """
    if format is not None and format not in FORMATS:
        raise BadInput(f"There is no format '{clean_line(format)[:40]}'.", f"Known: {_KNOWN}.")
    findings = Findings() if findings is None else findings
    folder = _folder(path, findings)
    return FORMATS[format or _detect(path, folder)](folder, findings)


def _folder(path: Path, findings: Findings) -> Folder:
    if path.is_file():
        raise BadInput(f"{clean_line(str(path))} is a file; a course is a folder.", f"Known: {_KNOWN}.")
    return Folder(path, findings)


def _detect(path: Path, folder: Folder) -> str:
    if "config.yaml" in folder.names and folder.named(".md", "episodes") + folder.named(".rmd", "episodes"):
        return "carpentries"
    found = next((what for name, what in _NOT_YET.items() if name in folder.names), None)
    if found and "course.md" not in folder.names:
        raise BadInput(f"{clean_line(str(path))} is {found}, which cannot be imported.", f"Known: {_KNOWN}.")
    if folder.named(".md"):
        return "native"
    raise BadInput(f"{clean_line(str(path))} is no course that can be imported.", f"Known: {_KNOWN}.")
