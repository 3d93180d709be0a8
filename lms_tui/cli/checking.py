"""The command for authors: what is wrong or odd in a course's folder."""

from pathlib import Path
from typing import Annotated

import typer

from lms_tui.cli.running import Json, run_alone, say
from lms_tui.views import as_json
from lms_tui.views.checking import CheckReport
from lms_tui.views.words import counted


def check_course(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A course folder.")],
    format: Annotated[str | None, typer.Option("--format", metavar="F", help="native or carpentries; found out unless given.")] = None,
    json: Json = False,
) -> None:
    """Say what is wrong or odd in a course folder, with file and line. Nothing is imported."""

    def action() -> CheckReport:
        from lms_tui.library.checking import check  # not before, because it brings all the formats along

        return check(path, format)

    report = run_alone(action, json, _show, as_json.checked)
    if not report.ok:
        raise SystemExit(1)


def _show(report: CheckReport) -> None:
    for problem in report.problems:
        line = f":{problem.line}" if problem.line else ""
        say(f"{problem.file}{line}: {problem.severity}: {problem.message} [{problem.code}]")
    if not report.ok:
        say("It cannot be imported.")
    elif report.problems:
        say(f"It can be imported. {counted(len(report.problems), 'warning')}.")
    else:
        say("It can be imported. Nothing odd was found.")
