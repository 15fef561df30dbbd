"""What people do: calls that mostly make sense, and some that do not."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from tests.model.bodies import COMMON
from tests.model.model import Model
from tests.model.state import Session, User
from tests.model.wire import NOBODY, PLACES, ROUTES, SITES, Call, Place, Proof

T = TypeVar("T")
ADDRESSES = ("ada.lovelace@example.com", "grace@example.com", "joan@example.net")
PASSWORDS = ("correct horse battery", "another horse battery", "l’Été à Angström")
OTHERWISE_TYPED = {PASSWORDS[2]: "l’E\u0301te\u0301 a\u0300 A\u030angstro\u0308m"}
BAD_PASSWORDS = ("short", "", COMMON, "adalovelace2024", 12345678, None)
GARBAGE = ("x", "a.b.c", "wg_AAAA", "00000000-0000-4000-8000-000000000000")
PURPOSES = {"verify_email": "verify", "reset": "reset", "confirm_change": "change", "undo_change": "undo"}


class People:
    """Makes up calls. `links` and `tokens` are all that anybody was ever given, oldest first.

    While there is a `focus`, most calls are about this one user: who act at once shall get into each other's way.
    """

    def __init__(self) -> None:
        self.focus: User | None = None
        self.dice = random.Random(0)
        self.links: list[str] = []
        self.tokens: list[str] = []

    def one(self, *options: T) -> T:
        """One of these."""
        return self.dice.choice(options)

    def seldom(self, chance: float) -> bool:
        """Whether something rare happens, which is rarer still where people shall get into each other's way."""
        return self.dice.random() < (chance if self.focus is None else chance / 3)

    def call(self, model: Model, kind: str) -> Call:
        """A call of this kind."""
        proof, session = NOBODY, None
        if ROUTES[kind][2] in ("session", "maybe"):
            proof, session = self._proof(model)
        elif kind == "check_token":
            proof = self._token_proof(model)
        make: Callable[[Model, int | None], Any] | None = getattr(self, f"_{kind}", None)
        body = make(model, session.user if session is not None else None) if make is not None else None
        if body is not None and self.seldom(0.05):
            body = self.one(None, "[]", "{", {}, {**body, "plan": "gold"})
        site = self.one(*SITES) if ROUTES[kind][0] != "GET" and self.seldom(0.15) else "no browser"
        return Call(kind, self.place(), body, proof, site)

    def place(self) -> Place:
        """Somewhere."""
        return self.one(*PLACES)

    def _about(self, user: int) -> bool:
        return self.focus is None or user == self.focus.key

    def _some(self, good: Sequence[T], others: Sequence[T], fallback: Sequence[T]) -> T:
        """Mostly something that is good, else something that was, else nonsense."""
        if good and not self.seldom(0.25):
            return self.one(*good)
        return self.one(*(others if others and not self.seldom(0.3) else fallback))

    def _address(self) -> str:
        address = self.one(*ADDRESSES)
        if self.focus is not None and self.dice.random() < 0.6:
            return self.focus.email
        if self.seldom(0.25):
            return self.one(address.upper(), f" {address}\t", "nonsense", " ")
        return address

    def _new_password(self) -> Any:
        return self.one(*BAD_PASSWORDS) if self.seldom(0.2) else self.one(*PASSWORDS)

    def _password_of(self, model: Model, user: int | None) -> str:
        known = model.users.get(user) if user is not None else None
        right = (known.password if known is not None else None) or PASSWORDS[0]
        return self.one(OTHERWISE_TYPED.get(right, right), *PASSWORDS, "") if self.seldom(0.35) else right

    def _session(self, model: Model) -> str:
        known = [token for token, session in model.sessions.items() if self._about(session.user)][::-1]
        return self._some([token for token in known if model.live(model.sessions[token])][:5], known[:5], GARBAGE)

    def _proof(self, model: Model) -> tuple[Proof, Session | None]:
        token = self._session(model)
        session = model.sessions.get(token)
        csrf = session.csrf if session is not None else None
        if not self.seldom(0.2):
            return self.one(Proof(f"Bearer {token}"), Proof(cookie=token, csrf=csrf)), session
        other = self._session(model)
        foreign = model.sessions[other].csrf if other in model.sessions else "x"
        return self.one(
            Proof(f"bearer {token}", cookie=other),
            Proof(cookie=token),
            Proof(cookie=token, csrf=foreign),
            Proof("Basic YTpi", cookie=token, csrf=csrf),
            Proof("Basic YTpi"),
            NOBODY,
        ), session

    def _token_proof(self, model: Model) -> Proof:
        first = [user.api_token for user in model.users.values() if user.api_token is not None]
        token = self._some([*list(model.named)[::-1][:3], *first], self.tokens[::-1][:6], GARBAGE)
        if self.seldom(0.1):
            return self.one(Proof(cookie=token), Proof(f"Token {token}"), NOBODY)
        return Proof(f"Bearer {token}")

    def _link(self, model: Model, kind: str) -> Mapping[str, str]:
        links = [user.links.get(PURPOSES[kind]) for user in model.users.values() if self._about(user.key)]
        good = [link.token for link in links if link is not None and link.token is not None]
        return {"token": self._some(good, self.links[::-1][:6], (*GARBAGE, ""))}

    def _sign_up(self, model: Model, user: int | None) -> Any:
        free = [address for address in ADDRESSES if not model.taken(address)]
        address = self.one(*free) if free and self.focus is None and self.seldom(0.5) else self._address()
        body = {"email": address, "password": self._new_password()}
        names = (" ", 7) if self.seldom(0.1) else (" Ada ",)
        return {**body, "name": self.one(*names)} if self.seldom(0.5) else body

    def _log_in(self, model: Model, user: int | None) -> Any:
        address = self._address()
        known = model.by_email(address.strip().lower())
        return {"email": address, "password": self._password_of(model, known.key if known is not None else None)}

    def _update(self, model: Model, user: int | None) -> Any:
        values: dict[str, Any] = {}
        if self.seldom(0.7):
            values["email"] = self._address()
        if self.seldom(0.3):
            values["name"] = self.one(" Ada King ", "Grace", "", "x" * 101)
        if self.seldom(0.3):
            values["bio"] = self.one("I write programs", "two\nlines", "", None, "x" * 501)
        return values

    def _change_password(self, model: Model, user: int | None) -> Any:
        return {"current_password": self._password_of(model, user), "password": self._new_password()}

    def _forgot(self, model: Model, user: int | None) -> Any:
        return {"email": self._address()}

    def _resend(self, model: Model, user: int | None) -> Any:
        return {"email": self._address()}

    def _reset(self, model: Model, user: int | None) -> Any:
        return {**self._link(model, "reset"), "password": self._new_password()}

    def _verify_email(self, model: Model, user: int | None) -> Any:
        return self._link(model, "verify_email")

    def _confirm_change(self, model: Model, user: int | None) -> Any:
        return self._link(model, "confirm_change")

    def _undo_change(self, model: Model, user: int | None) -> Any:
        return self._link(model, "undo_change")

    def _delete(self, model: Model, user: int | None) -> Any:
        return {"password": self._password_of(model, user)}

    def _end_session(self, model: Model, user: int | None) -> Any:
        ids = [session.id for session in model.sessions.values()][::-1][:6]
        return {"id": self.one(*ids) if ids and not self.seldom(0.1) else self.one("somebody", "")}

    def _create_token(self, model: Model, user: int | None) -> Any:
        body: dict[str, Any] = {"name": self.one("Nightly", " Weekly ")}
        if self.seldom(0.5):
            body["scopes"] = self.one(["reports:read"], ["a", "b", "a"], [])
        if self.seldom(0.4):
            body["expires_in_days"] = self.one(1, 7, None)
        if self.seldom(0.6):
            body["limit"] = self.one(1, 1, 2, None)
        if self.seldom(0.1):
            bad = ({"name": ""}, {"name": "x" * 61}, {"scopes": ["Not one"]}, {"scopes": "a"}, {"limit": 0})
            body |= self.one(*bad, {"limit": 1001}, {"expires_in_days": 3651}, {"expires_in_days": "1"})
        return body

    def _revoke_token(self, model: Model, user: int | None) -> Any:
        ids = [named.id for named in model.named.values()][::-1][:4]
        return {"id": self.one(*ids) if ids and not self.seldom(0.1) else self.one("nobodysToken", "x")}
