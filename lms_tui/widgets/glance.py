"""A panel for wide screens: this week at a glance."""

from datetime import date

from textual.content import Content
from textual.widget import Widget

from lms_tui.views.nodes import Study
from lms_tui.views.words import counted, minutes
from lms_tui.widgets.heat_strip import heat_strip


class Glance(Widget):
    """Today's minutes, the streak, and the last weeks as a strip."""

    _study = Study()
    _today = date.min

    def on_mount(self) -> None:
        self.border_title = "Your study"

    def show(self, study: Study, today: date) -> None:
        """These figures, as they stand today."""
        self._study, self._today = study, today
        self.refresh(layout=True)

    def render(self) -> Content:
        study = self._study
        if not study.days:
            return Content.styled("Days that you study\nwill be marked here.", "$quiet")
        facts = (
            ("today", minutes(study.active_seconds_today)),
            ("streak", counted(study.streak_days, "day")),
            ("sections done", str(study.sections_completed)),
        )
        lines = [Content.assemble((f"{name:<14}", "$quiet"), (value, "bold")) for name, value in facts]
        return Content("\n").join([*lines, Content(""), *heat_strip(study.days, weeks=14, today=self._today)])
