"""What the model knows: users, sessions, tokens, links and limits, as plain values to copy and compare."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

DAY = 86_400
HOUR = 3_600
WINDOW_MS = 900_000


class Wrong(AssertionError):
    """An answer, or a letter, that the model does not allow."""


@dataclass(frozen=True)
class Variant:
    """The settings that the model knows about. The numbers are limits."""

    verification: str
    session_list: bool
    login: int = 5
    signup: int = 4
    account: int = 4
    mail: int = 4
    address: int = 3
    link: int = 6
    user: int = 8

    @property
    def confirms(self) -> bool:
        """Whether a new address counts once it is confirmed."""
        return self.verification != "off"

    def settings(self) -> dict[str, Any]:
        """The service's own settings."""
        return {
            "email_verification": self.verification,
            "session_list": self.session_list,
            "audit_logins": True,
            "rate_limit_max_requests": self.login,
            "signup_limit_max_requests": self.signup,
            "account_limit_max_failures": self.account,
            "mail_limit_max_requests": self.mail,
            "mail_limit_per_address": self.address,
            "link_limit_max_requests": self.link,
            "user_limit_max_requests": self.user,
        }


@dataclass
class Link:
    """A link: its token once it is known from a letter, its end in seconds, and what it was made for."""

    serial: int
    until: int
    payload: str
    token: str | None = None


@dataclass
class Session:
    """A session; times in seconds. `csrf` is None where no cookie told it."""

    user: int
    id: str
    csrf: str | None
    created: int
    device: str
    network: str
    uses: list[int]
    ended: bool = False


@dataclass
class Named:
    """A named API token; times in seconds."""

    user: int
    id: str
    name: str
    scopes: list[str]
    created: int
    expires: int | None
    limit: int | None
    uses: list[int] = field(default_factory=list)


@dataclass
class User:
    """A user. `id` and `api_token` are None until somebody has seen them; times in milliseconds.

    `password` is None after the way back, until another is chosen.
    """

    key: int
    email: str
    name: str
    password: str | None
    created: int
    modified: int
    id: str | None = None
    bio: str | None = None
    verified: str | None = None
    api_token: str | None = None
    links: dict[str, Link] = field(default_factory=dict)
    former: tuple[str, int] | None = None
    networks: tuple[str, ...] = ()
    audit: list[tuple[int, str, str, str]] = field(default_factory=list)


@dataclass
class State:
    """Everything at one moment. `jobs` is what is still to be done after answers that were given.

    `came_in` are the sessions that were live when calls were made at once, `earlier` the guesses that
    were counted by then, `gone` the users who were deleted since, `left` the addresses that users gave up since,
    and `reached` where each user was to be reached by then.
    """

    variant: Variant
    now: int
    users: dict[int, User] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    named: dict[str, Named] = field(default_factory=dict)
    retired: dict[str, None] = field(default_factory=dict)
    logs: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    jobs: list[tuple[Any, ...]] = field(default_factory=list)
    counter: int = 0
    came_in: tuple[str, ...] = ()
    earlier: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    gone: dict[int, User] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    reached: dict[int, list[str]] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        """The time in whole seconds."""
        return self.now // 1000

    def next(self) -> int:
        """A number that was not there before."""
        self.counter += 1
        return self.counter

    def copy(self) -> Any:
        """Another state like this one."""
        return pickle.loads(pickle.dumps(self))

    def fingerprint(self) -> Any:
        """The same for two states that no answer can tell apart."""
        return _frozen({**vars(self), "counter": 0}, serials=bool(self.jobs))

    def begin(self) -> None:
        """Calls are made at once from now on."""
        self.came_in = tuple(token for token, session in self.sessions.items() if self.live(session))
        self.earlier = {key: list(log) for key, log in self.logs.items() if key[0] == "account"}
        self.gone, self.left = {}, frozenset()
        self.reached = {user.key: self.reaching(user) for user in self.users.values()}

    def live(self, session: Session) -> bool:
        """Whether a session opens anything."""
        return not session.ended and session.user in self.users and self.now < (session.created + DAY) * 1000

    def ends(self) -> list[int]:
        """When something ends that is good now, in milliseconds, soonest first."""
        seconds = [session.created + DAY for session in self.sessions.values()]
        seconds += [named.expires for named in self.named.values() if named.expires is not None]
        for user in self.users.values():
            seconds += [link.until for link in user.links.values()] + ([user.former[1]] if user.former else [])
        ends = [1000 * each for each in seconds] + [log[0] + WINDOW_MS for log in self.logs.values()]
        return sorted({end for end in ends if end - 1 > self.now})

    def open_link(self, user: User, purpose: str) -> Link | None:
        """The link of this purpose that is good now."""
        link = user.links.get(purpose)
        return link if link is not None and link.until > self.seconds else None

    def reaching(self, user: User) -> list[str]:
        """The addresses whose owners hear of a deletion: today's, and the one that the way back leads to."""
        undo = self.open_link(user, "undo")
        return [user.email, undo.payload] if undo is not None else [user.email]

    def by_email(self, address: str) -> User | None:
        """Whose address it is today."""
        return next((user for user in self.users.values() if user.email == address), None)

    def held(self, user: User) -> str | None:
        """The address of before that is kept for a user."""
        return user.former[0] if user.former is not None and user.former[1] > self.seconds else None

    def taken(self, address: str, by: User | None = None) -> bool:
        """Whether an address is, or is kept for, somebody else's."""
        others = [user for user in self.users.values() if user is not by]
        return any(address in (user.email, self.held(user)) for user in others)


def iso(milliseconds: int) -> str:
    """A time as the API shows it."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"


def _frozen(value: Any, *, serials: bool) -> Any:
    if is_dataclass(value):
        names = [part.name for part in fields(value) if serials or part.name != "serial"]
        return tuple(_frozen(getattr(value, name), serials=serials) for name in names)
    if isinstance(value, dict):
        pairs = ((repr(key), _frozen(inner, serials=serials)) for key, inner in value.items())
        return tuple(sorted(pairs, key=lambda pair: pair[0]))
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(inner, serials=serials) for inner in value)
    return value
