"""What ``doctor`` found."""

from msgspec import Struct


class Check(Struct, frozen=True, kw_only=True):
    """One thing looked at: whether it works, what was found, and what to do where it does not."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


class Health(Struct, frozen=True, kw_only=True):
    """All checks; ``ok`` when each of them is."""

    ok: bool
    checks: tuple[Check, ...]

    def with_check(self, check: Check) -> "Health":
        """These checks and one more."""
        return Health(ok=self.ok and check.ok, checks=(*self.checks, check))
