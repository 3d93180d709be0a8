"""A look at a course's folder that needs no library: nothing is opened, started or kept."""

from pathlib import Path

from lms_tui.formats import checking
from lms_tui.views.checking import CheckReport, Problem


def check(path: Path, format: str | None = None) -> CheckReport:
    """What is wrong or odd in it. Raises ``BadInput`` where it is no course."""
    found = checking.check(path, format)
    problems = tuple(
        Problem(severity=problem.severity, file=problem.file, line=problem.line, code=problem.code, message=problem.message)
        for problem in found.problems
    )
    return CheckReport(ok=found.ok, model=found.model, problems=problems)
