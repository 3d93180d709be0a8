"""Every statement that the client sends, by name. A file of this package makes its own with ``Statement``, at module level."""

from sqlalchemy import TextClause, text


class Statement:
    """A named statement; ``:name`` are its parameters. Its text is parsed once."""

    def __init__(self, name: str, sql: str) -> None:
        if name in REGISTRY:
            raise ValueError(f"two statements are called {name}")
        self.name = name
        self.sql = sql.strip()
        self.clause: TextClause = text(self.sql)
        REGISTRY[name] = self

    def __repr__(self) -> str:
        return f"Statement({self.name!r})"


REGISTRY: dict[str, Statement] = {}
