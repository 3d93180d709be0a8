"""The courses that the person removed from this machine, so that none of them comes back by itself."""

from collections.abc import Sequence

from lms_tui.cache.doors import Doors

_PREFIX = "removed:"


class Removed:
    """Course ids. They are kept with the work: dropped content is fetched again, and this is not fetched from anywhere."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def all(self) -> frozenset[str]:
        """The removed courses."""
        with self._doors.reading() as connection:
            rows = connection.execute("SELECT substr(name, ?) FROM kept WHERE name GLOB ? || '*'", (len(_PREFIX) + 1, _PREFIX)).fetchall()
        return frozenset(row[0] for row in rows)

    def add(self, course_ids: Sequence[str]) -> None:
        """These are not wanted here."""
        with self._doors.working() as connection:
            connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, '')", [(_PREFIX + course_id,) for course_id in course_ids])

    def forget(self, course_id: str) -> None:
        """This one is wanted here again."""
        if course_id in self.all():
            with self._doors.working() as connection:
                connection.execute("DELETE FROM kept WHERE name = ?", (_PREFIX + course_id,))
