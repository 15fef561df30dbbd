"""What follows after an answer: the jobs, and the letters that come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.model.model import Model
from tests.model.state import DAY, HOUR, User, Wrong
from wicketgate.core.ports import Letter

PAGES = {"verify": "/verify-email", "reset": "/reset-password", "change": "/change-email", "undo": "/undo-email"}


@dataclass(frozen=True)
class Due:
    """A letter that must be there: to whom, by which template, with the link of which purpose of which user."""

    to: str
    template: str
    user: int | None = None
    purpose: str | None = None
    values: Mapping[str, str] | None = None

    def fits(self, letter: Letter) -> bool:
        """Whether this is the letter. What a link says is not known yet."""
        if (letter.to, letter.template) != (self.to, self.template):
            return False
        link = letter.values.get("link", "")
        if self.purpose is not None and not link.startswith(f"{PAGES[self.purpose]}#"):
            return False
        if self.purpose is None and "#" in link:
            return False
        return all(letter.values.get(name) == value for name, value in (self.values or {}).items())


def take_over(model: Model, due: Due, letter: Letter) -> None:
    """The model learns what the link in a letter says."""
    if due.user is None or due.purpose is None:
        return
    user = model.users[due.user]
    token = letter.values["link"].partition("#")[2]
    if token in model.retired:
        raise Wrong(f"the link {token} was sent before")
    model.retired[token] = None
    model._seen(user, token.partition(".")[2])
    if user.id != token.partition(".")[2]:
        raise Wrong(f"a link of {user.id} says {token}")
    user.links[due.purpose].token = token


def perform(model: Model, job: tuple[Any, ...]) -> Due | None:
    """Does a job in the model. Returns the letter that comes of it."""
    model.jobs.remove(job)
    kind, *data = job
    due: Due | None = globals()[f"_{kind}"](model, *data)
    return due


def in_vain(model: Model, job: tuple[Any, ...]) -> Model | None:
    """What else may have become of a link for somebody who was no longer there meanwhile: no letter, but counted."""
    kind, about, *_ = job
    if kind == "reset" and model.by_email(about) is None and about in model.left:
        other: Model = model.copy()
        return other if _admits(other, about) else None
    key = {"verify": "key", "resend": "email"}.get(kind)
    for user in model.gone.values():
        if key is not None and getattr(user, key) == about and user.verified != user.email:
            other = model.copy()
            return other if _admits(other, user.email) else None
    return None


def _admits(model: Model, address: str) -> bool:
    return model._fits("address", address, model.variant.address)


def _ask_to_confirm(model: Model, user: User | None) -> Due | None:
    if user is None or user.verified == user.email or not _admits(model, user.email):
        return None
    model._linked(user, "verify", DAY, user.email)
    return Due(user.email, "verify_email", user.key, "verify")


def _verify(model: Model, key: int) -> Due | None:
    return _ask_to_confirm(model, model.users.get(key))


def _resend(model: Model, address: str) -> Due | None:
    return _ask_to_confirm(model, model.by_email(address))


def _sign_up(model: Model, address: str, name: str | None, password: str, network: str) -> Due | None:
    if not model.taken(address):
        user = model._created(address, name, password)
        model._note(user, "signup", network)
        model.jobs.append(("verify", user.key))
        return None
    owner = model.by_email(address)
    if owner is not None and owner.verified != owner.email:
        model.jobs.append(("verify", owner.key))
        return None
    return Due(address, "signup_taken") if _admits(model, address) else None


def _reset(model: Model, address: str, network: str, owed: int | None) -> Due | None:
    user = model.by_email(address)
    if user is None or (user.key != owed and not _admits(model, address)):
        return None
    model._linked(user, "reset", HOUR, address)
    model._note(user, "password_reset_asked", network)
    return Due(address, "reset_password", user.key, "reset")


def _change(model: Model, key: int, serial: int) -> Due | None:
    user = model.users.get(key)
    link = model.open_link(user, "change") if user is not None else None
    if link is None or link.serial != serial or not _admits(model, link.payload):
        return None
    if model.taken(link.payload, user):
        return Due(link.payload, "change_email_taken")
    return Due(link.payload, "change_email", key, "change")


def _changed(model: Model, key: int, address: str, serial: int | None) -> Due | None:
    user = model.users.get(key)
    link = model.open_link(user, "undo") if user is not None and serial is not None else None
    if link is not None and link.serial == serial:
        return Due(address, "email_changed", key, "undo")
    return Due(address, "email_changed") if user is None or user.email != address else None


def _deleted(model: Model, address: str) -> Due:
    return Due(address, "account_deleted")


def _notice(model: Model, key: int, template: str, network: str, detail: str) -> Due | None:
    user = model.users.get(key)
    if user is None or not model._fits("notice", f"{template} {key}", model.variant.address):
        return None
    values = {"network": network, "device": detail} if template == "new_sign_in" else {}
    if template == "api_token_created":
        names = [named.name for named in model.named.values() if detail and named.id == detail]
        values = {"name": names[0] if names else "API token"}
    return Due(user.email, template, values=values)


def _arrival(model: Model, key: int, known: tuple[str, ...], network: str, device: str) -> None:
    """Somebody came from a network. That of the very first sign-in is only remembered."""
    user = model.users.get(key)
    if user is None or network in known:
        return
    if not known:
        user.networks = (network,)
    elif network not in user.networks:
        user.networks = (network, *user.networks)[:10]
        model._note(user, "new_sign_in", network, device if " on " in device else "Unknown device")
