"""The one door to data: asks the cache, the database or both; the screens and the command line know nothing else."""

from lms_tui.library.library import Change, Library

__all__ = ["Change", "Library"]
