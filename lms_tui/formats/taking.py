"""How a quiz or an assessment is taken, as the front matter of a native page says it."""

from datetime import time

from msgspec.structs import replace

from lms_tui.formats.front_matter import Page
from lms_tui.formats.imported import Findings, bad
from lms_tui.formats.values import count, flag, limit, moment, one_of, percent
from lms_tui.model.course import Rules, SectionType

OF_ASSESSMENTS = frozenset({"opens", "closes", "connection"})
RULES = frozenset({"shuffle", "attempts", "pass_mark", "time_limit", "check"}) | OF_ASSESSMENTS

_MIDNIGHT, _END_OF_DAY = time(), time(23, 59, 59)


def read_rules(page: Page, kind: SectionType, findings: Findings) -> Rules:
    """The rules of a section. Raises BadInput, naming file and line, for a value that cannot be meant."""
    rules = Rules(
        attempts=count(page, "attempts"),
        pass_mark=percent(page, "pass_mark"),
        shuffle=flag(page, "shuffle", False),
        time_limit_seconds=limit(page, "time_limit"),
        check=page.text("check") or None,
    )
    if kind is SectionType.ASSESSMENT:
        return _of_assessment(page, rules, findings)
    for key in sorted(OF_ASSESSMENTS & page.values.keys()):
        findings.warn(page.file, page.line(key), f"{key} is for an assessment alone and was passed over")
    return rules


def _of_assessment(page: Page, rules: Rules, findings: Findings) -> Rules:
    opens, closes = moment(page, "opens", findings, _MIDNIGHT), moment(page, "closes", findings, _END_OF_DAY)
    if opens and closes and closes <= opens:
        raise bad(page.file, page.line("closes"), "closes: it is not after opens, so that nobody could take it")
    required = one_of(page, "connection", ("optional", "required")) == "required"
    return replace(rules, opens=opens, closes=closes, connection="required" if required else "optional")
