"""Whether a server on this machine takes connections: a look that costs next to nothing, and reaches no other machine."""

import ipaddress
import socket

_SECONDS = 0.5


def is_near(host: str) -> bool:
    """Whether a host, as libpq takes it, is this machine."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def answers(host: str, port: int) -> bool:
    """Whether something on this machine takes connections there; False for another machine, which is not asked."""
    if not is_near(host):
        return False
    try:
        if not host.startswith("/"):
            socket.create_connection((host, port), _SECONDS).close()
            return True
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.settimeout(_SECONDS)
            knocking.connect(f"{host}/.s.PGSQL.{port}")
            return True
    except OSError:
        return False
