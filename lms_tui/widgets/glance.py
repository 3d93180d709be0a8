"""A panel for wide screens: this week at a glance."""

from textual.content import Content
from textual.widget import Widget

from lms_tui.views.nodes import Study
from lms_tui.views.words import counted, minutes
from lms_tui.widgets.heat_strip import heat_strip


class Glance(Widget):
    """Today's minutes, the streak, and the last weeks as a strip."""

    def on_mount(self) -> None:
        self.border_title = "Your study"
        self._study = Study()

    def show(self, study: Study) -> None:
        """These figures."""
        self._study = study
        self.refresh(layout=True)

    def render(self) -> Content:
        study = self._study
        if not study.days:
            return Content.styled("Days that you study\nwill be marked here.", "$text-muted")
        facts = (
            ("today", minutes(study.active_seconds_today)),
            ("streak", counted(study.streak_days, "day")),
            ("sections done", str(study.sections_completed)),
        )
        lines = [Content.assemble((f"{name:<14}", "$text-muted"), (value, "bold")) for name, value in facts]
        return Content("\n").join([*lines, Content(""), *heat_strip(study.days, weeks=8)])
