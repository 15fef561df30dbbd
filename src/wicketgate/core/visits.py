"""Where somebody comes from who proves who they are."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that brings a password.

    `source` is the client as the limits see it, `user_agent` what the program on the other side says it is, which is
    whatever it likes. `device` is the mark of a browser that has logged in before, as it was sent (see `devices.py`).
    """

    source: str
    user_agent: str = ""
    device: str = field(default="", repr=False)
