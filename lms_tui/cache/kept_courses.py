"""Courses that the cache file remembers something of beside their content, which may be dropped at any time."""

from collections.abc import Collection

from lms_tui.cache.doors import Doors

REMOVED = "removed:"
"""Those that the person removed from this machine, so that none of them comes back by itself."""


class KeptCourses:
    """Course ids under one word. They are kept with the work: they are known from nowhere else."""

    def __init__(self, doors: Doors, word: str) -> None:
        self._doors = doors
        self._word = word

    def all(self) -> frozenset[str]:
        """The courses of this word."""
        with self._doors.reading() as connection:
            sql = "SELECT substr(name, ?) FROM kept WHERE name GLOB ? || '*'"
            rows = connection.execute(sql, (len(self._word) + 1, self._word)).fetchall()
        return frozenset(row[0] for row in rows)

    def add(self, course_ids: Collection[str]) -> None:
        """These are remembered."""
        with self._doors.working() as connection:
            connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, '')", [(self._word + course_id,) for course_id in course_ids])

    def forget(self, course_ids: Collection[str]) -> None:
        """These are not remembered any more; nothing is written where none of them was."""
        known = self.all().intersection(course_ids)
        if known:
            with self._doors.working() as connection:
                connection.executemany("DELETE FROM kept WHERE name = ?", [(self._word + course_id,) for course_id in known])
