"""A PostgreSQL server of the person's own, kept beside their data and shared by all their processes.

Importing it on Windows raises ``Unavailable``: locks, sockets and signals are those of POSIX.
"""

import sys

from lms_tui.model.errors import Unavailable

if sys.platform == "win32":
    raise Unavailable("The embedded database does not run on Windows.", "Use WSL, or log in to a server: lms-tui login")
