"""How many connections the system lets a process have."""

from __future__ import annotations

import sys
from typing import Final

_OTHERS: Final = 100
"""File descriptors that are no connections of clients: files of the store, connections to it, threads' pipes."""


def room_for(connections: int) -> int:
    """As many connections as are wanted, or as there may be: each takes a file descriptor.

    The limit that most systems start with, 1,024, is for programs older than `poll`; it is raised as far as needed
    and allowed. Out of descriptors nobody could be let in, and the store could not open its files.
    """
    if sys.platform == "win32":
        return connections
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHERS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return connections if soft == resource.RLIM_INFINITY else max(1, min(connections, soft - _OTHERS))
