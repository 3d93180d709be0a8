"""``python -m lms_tui`` is the ``lms-tui`` command."""

from lms_tui.cli import main

if __name__ == "__main__":
    main()
