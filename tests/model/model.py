"""The contract once more, in plain Python: what each call answers and what it changes.

Nothing here is shared with the service. What only the service can choose (ids and tokens) is taken from its answer,
after a look whether it is new and of the right form.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from tests.model import bodies
from tests.model.state import DAY, HOUR, WINDOW_MS, Link, Named, Session, State, User, Wrong, iso
from tests.model.wire import ROUTES, SITES, Answer, Call, Proof

DENIED = "Access denied"
UNKNOWN = "Authentication required"
REFUSED = "Invalid credentials"
SPENT = "Too many requests, please try again later"
LINK = "This link is no longer valid"
NOT_YOURS = "This is not your password"
TOO_CLOSE = "This password is too easy to guess: it is your address or the name of this service"
NO_USE = "Unable to use this email address"
OK = {"success": True}
CLEARED = {"auth_token": "", "csrf_token": ""}

ENDING = ("log_out", "log_out_everywhere", "end_session")
"""Calls that end a session. All others take effect while their own is live, or not at all."""

COUNTED = {
    "update": ("mail",),
    "delete": ("user", "mail"),
    **dict.fromkeys(("change_password", "create_token", "rotate"), ("user",)),
}
"""Calls that are counted before they take effect, and by which limits."""


class Answered(Exception):
    """The answer has been judged; nothing more follows."""


class Model(State):
    """Judges answers and changes with them. Raises Wrong for an answer that it does not allow."""

    def judge(self, call: Call, answer: Answer) -> None:
        """Holds an answer against what is known, and takes over what the call has changed."""
        try:
            self._judge(call, answer)
        except Answered:
            return

    def _judge(self, call: Call, answer: Answer) -> None:
        _, _, access = ROUTES[call.kind]
        if call.changes and not SITES[call.site][1]:
            self._error(answer, 403, DENIED)
        if call.kind in bodies.FIELDS and call.body is None:
            self._error(answer, 415, "The request body must be application/json")
        session = self._session(call, answer) if access in ("session", "maybe") else None
        if call.kind in bodies.FIELDS:
            refused = bodies.refusal(call.kind, call.body)
            if refused is not None:
                self._answer(answer, 400, refused)
                raise Answered
        getattr(self, f"_{call.kind}")(call, answer, session)

    # What is the same for many calls

    def _answer(
        self,
        answer: Answer,
        status: int,
        body: Any,
        *,
        cookies: Mapping[str, str | None] | None = None,
        retry_after: int | None = None,
    ) -> None:
        expected = (status, body, dict(cookies or {}), retry_after)
        got = (answer.status, answer.body, answer.cookies, answer.retry_after)
        if got != expected:
            raise Wrong(f"expected {expected}, got {got}")

    def _error(self, answer: Answer, status: int, text: str, *, field: str | None = None) -> None:
        """Judges an error, after which nothing follows."""
        body: dict[str, Any] = {"success": False, "error": text}
        if field is not None:
            body = bodies.invalid({field: text})
        self._answer(answer, status, body)
        raise Answered

    def _session(self, call: Call, answer: Answer) -> Session | None:
        proof, optional = call.proof, ROUTES[call.kind][2] == "maybe"
        token = proof.cookie or None
        if proof.authorization is not None:
            scheme, _, shown = proof.authorization.partition(" ")
            token = shown or None
            if scheme.lower() != "bearer" or not token:
                if optional and proof.cookie is None:
                    return None
                self._error(answer, 401, UNKNOWN)
        session = self.sessions.get(token) if token is not None else None
        if session is None or not (self.live(session) or self._came_in(call, answer, token)):
            if optional:
                return None
            self._error(answer, 401, UNKNOWN)
        assert session is not None
        session.uses.append(self.seconds)
        if call.changes and proof.authorization is None and (proof.csrf is None or proof.csrf != session.csrf):
            self._error(answer, 403, DENIED)
        return session

    def _came_in(self, call: Call, answer: Answer, token: str | None) -> bool:
        """Whether a call was let in before another ended its session, and went on.

        Of two that end something both do as they were asked, and any may meet a limit that others have spent.
        """
        return token in self.came_in and (answer.status == 429 or (call.kind in ENDING and answer.status != 401))

    def told_as_before(self, call: Call, answer: Answer) -> Model | None:
        """What else may have become of a deletion: it had read the user before another call changed the address."""
        owner = self.sessions.get(token_of(call.proof) or "")
        if call.kind != "delete" or answer.status != 200 or owner is None or owner.user not in self.reached:
            return None
        other: Model = self.copy()
        for address in self.reaching(self.gone[owner.user]):
            other.jobs.remove(("deleted", address))
        other.jobs += [("deleted", address) for address in self.reached[owner.user]]
        return other if other.jobs != self.jobs else None

    def spent_in_vain(self, call: Call, answer: Answer) -> Model | None:
        """What else may have become of a call whose session ended: it was counted by then."""
        token = token_of(call.proof)
        if call.kind not in COUNTED or answer.status != 401 or token not in self.came_in:
            return None
        other: Model = self.copy()
        sources = {"user": str(self.sessions[token].user), "mail": call.place.source}
        limits = {"user": self.variant.user, "mail": self.variant.mail}
        return other if all(other._fits(name, sources[name], limits[name]) for name in COUNTED[call.kind]) else None

    def _spend(self, answer: Answer, name: str, source: str, most: int) -> None:
        """Notes one event, or judges the refusal."""
        self._look(answer, name, source, most)
        self.logs.setdefault((name, source), []).append(self.now)

    def _look(
        self,
        answer: Answer,
        name: str,
        source: str,
        most: int,
        noted: Mapping[tuple[str, str], list[int]] | None = None,
    ) -> None:
        wait = self._wait(name, source, most, noted)
        if wait > 0:
            body = {"success": False, "error": SPENT}
            self._answer(answer, 429, body, retry_after=max(1, -(-wait // 1000)))
            raise Answered

    def _guessed(self, answer: Answer, address: str, right: bool) -> None:
        """Judges the refusal of a password. A right one that was being checked when others failed is let through."""
        noted = self.logs
        if right and answer.status != 429:
            noted = self.earlier
        self._look(answer, "account", address, self.variant.account, noted)

    def _wait(
        self, name: str, source: str, most: int, noted: Mapping[tuple[str, str], list[int]] | None = None
    ) -> int:
        """Milliseconds until fewer than `most` events lie in the window that ends then."""
        log = (self.logs if noted is None else noted).get((name, source), [])
        recent = sorted(at for at in log if at + WINDOW_MS > self.now)
        return recent[-most] + WINDOW_MS - self.now if len(recent) >= most else 0

    def _fits(self, name: str, source: str, most: int) -> bool:
        if self._wait(name, source, most) > 0:
            return False
        self.logs.setdefault((name, source), []).append(self.now)
        return True

    def _note(self, user: User, event: str, network: str, detail: str = "") -> None:
        """What happened goes into the trail, and some of it to the owner."""
        user.audit.append((self.now, event, network, detail))
        user.audit.sort()
        templates = {
            "password_changed": "password_changed",
            "password_reset": "password_changed",
            "api_token_created": "api_token_created",
            "api_token_rotated": "api_token_created",
            "new_sign_in": "new_sign_in",
        }
        if event in templates:
            self.jobs.append(("notice", user.key, templates[event], network, detail))

    def _new(self, secret: Any) -> str:
        """A token as it was answered, which nobody has seen before."""
        if not isinstance(secret, str) or len(secret) < 20 or secret in self.retired:
            raise Wrong(f"{secret!r} is no new token")
        self.retired[secret] = None
        return secret

    def _shown_api_token(self, user: User, shown: Any) -> str:
        if user.api_token is None:
            user.api_token = self._new(shown)
        return user.api_token

    def _seen(self, user: User, user_id: str) -> None:
        if user.id is None:
            if any(other.id == user_id for other in self.users.values()):
                raise Wrong(f"{user_id} is another user")
            user.id = user_id

    def view(self, user: User, shown: Any = None) -> dict[str, Any]:
        """The user as the API shows one. `shown` tells the id when nobody knows it yet."""
        if user.id is None and isinstance(shown, dict):
            self._seen(user, shown.get("id", ""))
        seen: dict[str, Any] = {
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "plan": "free",
            "createdAt": iso(user.created),
            "lastModified": iso(user.modified),
        }
        if user.bio is not None:
            seen["bio"] = user.bio
        if self.variant.confirms:
            seen["emailVerified"] = user.verified == user.email
            pending = self.open_link(user, "change")
            if pending is not None:
                seen["pendingEmail"] = pending.payload
        return seen

    def _part(self, answer: Answer, name: str) -> Any:
        return answer.body.get(name) if isinstance(answer.body, dict) else None

    def _opened(self, user: User, call: Call, answer: Answer) -> None:
        """Takes over the session that an answer brought."""
        token, csrf = self._new(self._part(answer, "token")), answer.cookies.get("csrf_token")
        if csrf is not None:
            self._new(csrf)
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        now = self.seconds
        expected = {"sub": user.id, "email": user.email, "iat": now, "exp": now + DAY}
        if {name: claims.get(name) for name in expected} != expected:
            raise Wrong(f"a token that says {claims}")
        place = call.place
        self.sessions[token] = Session(user.key, claims["jti"], csrf, now, place.device, place.network, [now])
        if self.variant.session_list:
            for surplus in self._listed(user)[20:]:
                surplus.ended = True
        if place.network not in user.networks:
            self.jobs.append(("arrival", user.key, user.networks, place.network, place.device))

    def _listed(self, user: User) -> list[Session]:
        """A user's live sessions, newest first."""
        own = [session for session in self.sessions.values() if session.user == user.key and self.live(session)]
        return sorted(own, key=lambda session: (session.created, session.id), reverse=True)

    def _end_sessions(self, user: User) -> None:
        for session in self.sessions.values():
            if session.user == user.key:
                session.ended = True

    def _proved(self, user: User, password: str, field: str, call: Call, answer: Answer) -> None:
        """Somebody who is signed in says the password."""
        self._spend(answer, "user", str(user.key), self.variant.user)
        right = same(password, user.password)
        address = self._counted_at(user, answer)
        self._guessed(answer, address, right)
        if not right:
            self.logs.setdefault(("account", address), []).append(self.now)
            self._note(user, "login_failed", call.place.network, "confirmation")
            self._error(answer, 400, NOT_YOURS, field=field)

    def _counted_at(self, user: User, answer: Answer) -> str:
        """The address whose guesses a password was held against: of today, or as the user was read before a move."""
        before = self.reached.get(user.key, [user.email])[0]
        fitting = [
            address
            for address in (user.email, before)
            if (self._wait("account", address, self.variant.account) > 0) == (answer.status == 429)
        ]
        return (fitting or [user.email])[0]

    def _used(self, call: Call, answer: Answer, purpose: str) -> tuple[User, Link]:
        """The link that a call brings, which is good, and whose it is."""
        self._spend(answer, "link", call.place.source, self.variant.link)
        for user in self.users.values():
            link = self.open_link(user, purpose)
            if link is not None and link.token == call.body["token"]:
                return user, link
        self._error(answer, 400, LINK, field="token")
        raise AssertionError

    def _linked(self, user: User, purpose: str, lifetime: int, payload: str) -> Link:
        user.links[purpose] = Link(self.next(), self.seconds + lifetime, payload)
        return user.links[purpose]

    def _owner(self, session: Session | None) -> User:
        assert session is not None
        return self.users[session.user] if session.user in self.users else self.gone[session.user]

    # Getting in and out

    def _created(self, address: str, name: str | None, password: str) -> User:
        shown = (name or "").strip() or address.rpartition("@")[0]
        user = User(self.next(), address, shown, password, self.now, self.now)
        self.users[user.key] = user
        return user

    def _sign_up(self, call: Call, answer: Answer, _: Session | None) -> None:
        address, password = plain(call.body["email"]), call.body["password"]
        if bodies.too_close(password, address):
            self._error(answer, 400, TOO_CLOSE, field="password")
        self._spend(answer, "signup", call.place.source, self.variant.signup)
        if self.variant.verification == "required":
            message = "Check your email for a link to confirm your address"
            self._answer(answer, 201, {**OK, "message": message})
            self.jobs.append(("sign_up", address, call.body.get("name"), password, call.place.network))
            return
        if self.taken(address):
            self._error(answer, 400, "Unable to create an account with these details")
        user = self._created(address, call.body.get("name"), password)
        view = self.view(user, self._part(answer, "user"))
        token = self._shown_api_token(user, self._part(answer, "api_token"))
        self._answer(answer, 201, {**OK, "message": "Account created", "user": view, "api_token": token})
        self._note(user, "signup", call.place.network)
        if self.variant.confirms:
            self.jobs.append(("verify", user.key))

    def _log_in(self, call: Call, answer: Answer, _: Session | None) -> None:
        address, network = plain(call.body["email"]), call.place.network
        self._spend(answer, "login", call.place.source, self.variant.login)
        user = self.by_email(address)
        right = user is not None and same(call.body["password"], user.password)
        self._guessed(answer, address, right)
        if not right:
            self.logs.setdefault(("account", address), []).append(self.now)
            if user is not None:
                self._note(user, "login_failed", network)
            self._error(answer, 401, REFUSED)
        assert user is not None
        if self.variant.verification == "required" and user.verified != user.email:
            self._note(user, "login_failed", network, "unconfirmed address")
            self.jobs.append(("verify", user.key))
            self._error(answer, 403, "Please confirm your email address first; we have sent you a new link")
        view = self.view(user, self._part(answer, "user"))
        self._opened(user, call, answer)
        token, csrf = self._part(answer, "token"), answer.cookies.get("csrf_token")
        body = {**OK, "message": "Login successful", "token": token, "user": view}
        body["api_token"] = self._shown_api_token(user, self._part(answer, "api_token"))
        self._answer(answer, 200, body, cookies={"auth_token": token, "csrf_token": csrf})
        self._note(user, "login", network)

    def _cleared(self, call: Call, answer: Answer) -> None:
        self._answer(answer, 200, OK, cookies={} if beside(call.proof) else CLEARED)

    def _log_out(self, call: Call, answer: Answer, session: Session | None) -> None:
        self._cleared(call, answer)
        if session is not None:
            session.ended = True
            self._note(self._owner(session), "logout", call.place.network)

    def _log_out_everywhere(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        self._cleared(call, answer)
        self._end_sessions(user)
        user.links.pop("change", None)
        self._note(user, "sessions_ended", call.place.network)

    def _delete(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        self._proved(user, call.body["password"], "password", call, answer)
        self._spend(answer, "mail", call.place.source, self.variant.mail)
        self._cleared(call, answer)
        self._end_sessions(user)
        self.gone[user.key] = self.users.pop(user.key)
        self.left |= {user.email}
        self.jobs += [("deleted", address) for address in self.reaching(user)]

    # The profile and the address

    def _profile(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        self._answer(answer, 200, {**OK, "user": self.view(user, self._part(answer, "user"))})

    def _update(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        change = dict(call.body)
        address = plain(change.pop("email")) if "email" in change else user.email
        if address == user.email:
            if call.body:
                self._set(user, change)
            if "email" in call.body:
                user.links.pop("change", None)
        elif self.variant.confirms:
            self._spend(answer, "mail", call.place.source, self.variant.mail)
            if change:
                self._set(user, change)
            link = self._linked(user, "change", DAY, address)
            self.jobs.append(("change", user.key, link.serial))
            self._note(user, "email_change_asked", call.place.network)
        else:
            self._spend(answer, "mail", call.place.source, self.variant.mail)
            self._look(answer, "signup", call.place.source, self.variant.signup)
            if self.taken(address, user):
                self.logs.setdefault(("signup", call.place.source), []).append(self.now)
                self._error(answer, 400, NO_USE, field="email")
            self._set(user, change)
            self._move(user, address, call.place.network)
        self._answer(answer, 200, {**OK, "user": self.view(user)})

    def _set(self, user: User, change: Mapping[str, Any]) -> None:
        if "name" in change:
            user.name = change["name"].strip()
        if "bio" in change:
            user.bio = (change["bio"] or "").strip() or None
        user.modified = self.now

    def _move(self, user: User, address: str, network: str, *, confirmed: bool = False) -> None:
        """To another address. The first of several changes leaves a way back for a week, until somebody is there."""
        old, undo = user.email, self.open_link(user, "undo")
        way_back = self.held(user) or (undo.payload if undo is not None else None)
        self._end_links(user)
        serial = None
        if way_back in (None, address):
            user.links.pop("undo", None)
            user.former = None
            if way_back is None and (not self.variant.confirms or user.verified == old):
                serial = self._linked(user, "undo", 7 * DAY, old).serial
                if self.variant.confirms:
                    user.former = (old, self.seconds + 7 * DAY)
        self.left |= {old}
        user.email, user.modified = address, self.now
        if confirmed:
            user.verified = address
        self._note(user, "email_changed", network)
        self.jobs.append(("changed", user.key, old, serial))

    def _end_links(self, user: User) -> None:
        for purpose in ("reset", "verify", "change"):
            user.links.pop(purpose, None)

    def _verify_email(self, call: Call, answer: Answer, _: Session | None) -> None:
        user, link = self._used(call, answer, "verify")
        del user.links["verify"]
        user.verified = link.payload
        self._note(user, "email_verified", call.place.network)
        self._answer(answer, 200, {**OK, "message": "Your email address is confirmed; you can log in"})

    def _resend(self, call: Call, answer: Answer, _: Session | None) -> None:
        self._spend(answer, "mail", call.place.source, self.variant.mail)
        message = "If this address is waiting to be confirmed, we have sent it a new link"
        self._answer(answer, 200, {**OK, "message": message})
        self.jobs.append(("resend", plain(call.body["email"])))

    def _confirm_change(self, call: Call, answer: Answer, _: Session | None) -> None:
        user, link = self._used(call, answer, "change")
        if self.taken(link.payload, user):
            self._error(answer, 400, NO_USE, field="email")
        self._move(user, link.payload, call.place.network, confirmed=True)
        self._answer(answer, 200, {**OK, "message": "Your email address has been changed"})

    def _undo_change(self, call: Call, answer: Answer, _: Session | None) -> None:
        user, link = self._used(call, answer, "undo")
        if self.taken(link.payload, user):
            self._error(answer, 400, NO_USE, field="email")
        self._end_links(user)
        del user.links["undo"]
        self.left |= {user.email}
        user.email = user.verified = link.payload
        user.password = None
        user.modified, user.former = self.now, None
        self._end_sessions(user)
        self._note(user, "email_change_undone", call.place.network)
        self.jobs.append(("reset", user.email, call.place.network, user.key))
        message = "Your email address has been changed back; choose a password with the link that we have sent you"
        self._answer(answer, 200, {**OK, "message": message})

    # Passwords

    def _forgot(self, call: Call, answer: Answer, _: Session | None) -> None:
        self._spend(answer, "mail", call.place.source, self.variant.mail)
        message = "If this address has an account, we have sent it a link to choose a new password"
        self._answer(answer, 200, {**OK, "message": message})
        self.jobs.append(("reset", plain(call.body["email"]), call.place.network, None))

    def _reset(self, call: Call, answer: Answer, _: Session | None) -> None:
        user, _link = self._used(call, answer, "reset")
        if bodies.too_close(call.body["password"], user.email):
            self._error(answer, 400, TOO_CLOSE, field="password")
        user.password, user.verified = call.body["password"], user.email
        self._end_links(user)
        self._end_sessions(user)
        user.api_token = None
        self.named = {token: named for token, named in self.named.items() if named.user != user.key}
        self._note(user, "password_reset", call.place.network)
        message = "Your password has been changed; please log in with the new one"
        self._answer(answer, 200, {**OK, "message": message})

    def _change_password(self, call: Call, answer: Answer, session: Session | None) -> None:
        user, new = self._owner(session), call.body["password"]
        self._proved(user, call.body["current_password"], "current_password", call, answer)
        if same(new, user.password):
            self._error(answer, 400, "This is already your password; choose another one", field="password")
        if bodies.too_close(new, user.email):
            self._error(answer, 400, TOO_CLOSE, field="password")
        user.password = new
        user.links.pop("reset", None)
        user.links.pop("change", None)
        self._end_sessions(user)
        self._note(user, "password_changed", call.place.network)
        self.view(user)
        self._opened(user, call, answer)
        token, csrf = self._part(answer, "token"), answer.cookies.get("csrf_token")
        body = {**OK, "message": "Your password has been changed; your other sessions have ended", "token": token}
        cookies = {} if beside(call.proof) else {"auth_token": token, "csrf_token": csrf}
        self._answer(answer, 200, body, cookies=cookies)

    # The list of sessions and the trail

    def _sessions(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        listed = self._listed(user)
        rows = self._part(answer, "sessions")
        if not isinstance(rows, list) or len(rows) != len(listed):
            raise Wrong(f"expected {listed}, got {answer.body}")
        expected = []
        for known, row in zip(listed, rows, strict=True):
            self._last_use(known.uses, row.get("lastUsedAt"))
            expected.append(
                {
                    "id": known.id,
                    "current": known is session,
                    "device": known.device,
                    "createdAt": iso(known.created * 1000),
                    "lastUsedAt": row.get("lastUsedAt"),
                    "network": known.network,
                }
            )
        self._answer(answer, 200, {**OK, "sessions": expected})

    def _last_use(self, uses: list[int], shown: Any) -> None:
        """The last use is told to the hour: it was one, and none came an hour or more after it before now."""
        before = [use for use in uses if use < self.seconds]
        fitting = [use for use in uses if not before or max(before) - use < HOUR]
        if shown not in [iso(use * 1000) for use in fitting] and not (shown is None and not before):
            raise Wrong(f"used at {[iso(use * 1000) for use in uses]}, told as {shown}")

    def _end_session(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        for known in self._listed(user):
            if known.id == call.body["id"]:
                known.ended = True
                self._note(user, "session_ended", call.place.network)
        own = session is not None and session.id == call.body["id"]
        self._answer(answer, 200, OK, cookies=CLEARED if own and not beside(call.proof) else {})

    def _activity(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        expected = []
        for at, event, network, detail in user.audit:
            if at > self.now - 90 * DAY * 1000:
                more = {"detail": detail} if detail else {}
                expected.append({"at": iso(at), "event": event, "by": "user", "network": network, **more})
        shown = self._part(answer, "events") or []
        if [row.get("at") for row in shown] != sorted((row.get("at") for row in shown), reverse=True):
            raise Wrong(f"not newest first: {shown}")
        if sorted(map(repr, map(sorted, map(dict.items, shown)))) != sorted(
            map(repr, map(sorted, map(dict.items, expected)))
        ):
            raise Wrong(f"expected {expected}, got {shown}")
        self._answer(answer, 200, {**OK, "events": shown})

    # API tokens

    def _check_token(self, call: Call, answer: Answer, _: Session | None) -> None:
        scheme, _space, token = (call.proof.authorization or "").partition(" ")
        first = next((user for user in self.users.values() if user.api_token == token), None)
        named = self._good(token)
        if scheme.lower() != "bearer" or (first is None and named is None):
            self._error(answer, 401, UNKNOWN)
        if first is not None:
            self._answer(answer, 200, {**OK, "user": self.view(first, self._part(answer, "user"))})
            return
        assert named is not None
        if named.limit is not None:
            self._spend(answer, "token", named.id, named.limit)
        named.uses.append(self.seconds)
        shown: dict[str, Any] = {"id": named.id, "name": named.name, "scopes": named.scopes}
        if named.expires is not None:
            shown["expiresAt"] = iso(named.expires * 1000)
        user = self.users[named.user]
        view = self.view(user, self._part(answer, "user"))
        self._answer(answer, 200, {**OK, "user": view, "token": shown})

    def _good(self, token: str) -> Named | None:
        named = self.named.get(token)
        if named is None or named.user not in self.users:
            return None
        return named if named.expires is None or named.expires > self.seconds else None

    def _show_token(self, call: Call, answer: Answer, session: Session | None) -> None:
        token = self._shown_api_token(self._owner(session), self._part(answer, "api_token"))
        self._answer(answer, 200, {**OK, "api_token": token})

    def _rotate(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        self._spend(answer, "user", str(user.key), self.variant.user)
        user.api_token = None
        self._show_token(call, answer, session)
        self._note(user, "api_token_rotated", call.place.network)

    def _shown_named(self, named: Named) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": named.id,
            "name": named.name,
            "scopes": named.scopes,
            "createdAt": iso(named.created * 1000),
        }
        if named.expires is not None:
            shown["expiresAt"] = iso(named.expires * 1000)
        if named.limit is not None:
            shown["limit"] = named.limit
        return shown

    def _tokens(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        own = [named for token in self.named if (named := self._good(token)) is not None and named.user == user.key]
        own.sort(key=lambda named: (named.created, named.id), reverse=True)
        rows = self._part(answer, "tokens")
        if not isinstance(rows, list) or len(rows) != len(own):
            raise Wrong(f"expected {own}, got {answer.body}")
        expected = []
        for named, row in zip(own, rows, strict=True):
            self._last_use(named.uses, row.get("lastUsedAt"))
            used = {"lastUsedAt": row["lastUsedAt"]} if "lastUsedAt" in row else {}
            expected.append({**self._shown_named(named), **used})
        self._answer(answer, 200, {**OK, "tokens": expected})

    def _create_token(self, call: Call, answer: Answer, session: Session | None) -> None:
        user, body, now = self._owner(session), call.body, self.seconds
        self._spend(answer, "user", str(user.key), self.variant.user)
        token, shown = self._new(self._part(answer, "api_token")), self._part(answer, "token") or {}
        days = body.get("expires_in_days")
        named = Named(
            user=user.key,
            id=str(shown.get("id")),
            name=body["name"].strip(),
            scopes=list(dict.fromkeys(body.get("scopes", []))),
            created=now,
            expires=None if days is None else now + days * DAY,
            limit=body.get("limit"),
        )
        if any(other.id == named.id for other in self.named.values()):
            raise Wrong(f"{named.id} is another token")
        self._answer(answer, 201, {**OK, "api_token": token, "token": self._shown_named(named)})
        self.named[token] = named
        self._note(user, "api_token_created", call.place.network, named.id)

    def _revoke_token(self, call: Call, answer: Answer, session: Session | None) -> None:
        user = self._owner(session)
        self._answer(answer, 200, OK)
        for token, named in list(self.named.items()):
            if named.id == call.body["id"] and named.user == user.key:
                del self.named[token]
                self._note(user, "api_token_revoked", call.place.network, named.id)


def token_of(proof: Proof) -> str | None:
    """The token that a call is made with, if it is made with one."""
    return proof.cookie if proof.authorization is None else proof.authorization.partition(" ")[2]


def beside(proof: Proof) -> bool:
    """Whether there is a cookie that was not looked at, beside another token; answers then leave it alone."""
    return proof.authorization is not None and proof.cookie not in (None, token_of(proof))


def plain(address: str) -> str:
    """An address as it is compared and stored."""
    return address.strip().lower()


def same(one: str, other: str | None) -> bool:
    """Whether two texts are one password. None is nobody's."""
    return other is not None and unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
