"""Every statement that the client sends, by name. A file of this package makes its own with ``Statement``, at module level."""

import re

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


class Statement:
    """A named statement; ``:name`` are its parameters. ``driver_sql`` is its text for psycopg, made once."""

    def __init__(self, name: str, sql: str) -> None:
        if name in REGISTRY:
            raise ValueError(f"two statements are called {name}")
        self.name = name
        self.sql = sql.strip()
        self.driver_sql = _PARAMETER.sub(r"%(\1)s", self.sql.replace("%", "%%"))
        REGISTRY[name] = self

    def __repr__(self) -> str:
        return f"Statement({self.name!r})"


REGISTRY: dict[str, Statement] = {}
