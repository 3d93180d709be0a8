"""lms-tui, a terminal learner client."""

__version__ = "0.1.0"
