"""The courses whose content was dropped with the tables that held it, so that they are fetched again."""

from collections.abc import Collection

from lms_tui.cache.doors import Doors
from lms_tui.cache.migrate import DROPPED


class Dropped:
    """Course ids. They are kept with the work: what was downloaded is known from nowhere else."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def all(self) -> frozenset[str]:
        """The courses that are to be fetched again."""
        with self._doors.reading() as connection:
            rows = connection.execute("SELECT substr(name, ?) FROM kept WHERE name GLOB ? || '*'", (len(DROPPED) + 1, DROPPED)).fetchall()
        return frozenset(row[0] for row in rows)

    def forget(self, course_ids: Collection[str]) -> None:
        """These are here again, or nowhere any more."""
        if course_ids:
            with self._doors.working() as connection:
                connection.executemany("DELETE FROM kept WHERE name = ?", [(DROPPED + course_id,) for course_id in course_ids])
