"""Properties 32 and 33: what happened to accounts, kept for its time, and told so that it can be checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support.clock import HOUR, START
from tests.support.service import Caller, fresh_email
from wicketgate.core.clock import iso
from wicketgate.core.events import SecurityEvent
from wicketgate.core.outbox import Job
from wicketgate.core.webhooks import key_of, signed
from wicketgate.outbox.webhook import payload

DAY = 24 * HOUR
KEPT = 90 * DAY
Step = Callable[[World, Caller, str], Awaitable[Any]]


async def rotate(world: World, caller: Caller, user_id: str) -> None:
    """Another API token."""
    assert (await caller.rotate()).status_code == 200


async def set_plan(world: World, caller: Caller, user_id: str) -> None:
    """What the command line tells when it has changed a plan."""
    await world.app.observe(SecurityEvent("plan_changed", user_id, detail="pro", by_operator=True))


async def rename(world: World, caller: Caller, user_id: str) -> None:
    """A change that is no matter of security."""
    assert (await caller.update({"name": "Ada King"})).status_code == 200


async def fail(world: World, caller: Caller, user_id: str) -> None:
    """A login that fails, which costs no write unless it is asked for."""
    email = (await caller.profile()).json()["user"]["email"]
    assert (await world.caller().log_in(email, "wrong password")).status_code == 401


STEPS: dict[str, tuple[Step, tuple[str, str] | None]] = {
    "rotate": (rotate, ("api_token_rotated", "user")),
    "set plan": (set_plan, ("plan_changed", "operator")),
    "rename": (rename, None),
    "fail": (fail, None),
}


async def activity(caller: Caller) -> list[tuple[str, str, str]]:
    """What the caller is shown: when, what, by whom."""
    answer = await caller.get("/api/auth/activity")
    assert answer.status_code == 200, answer.text
    return [(event["at"], event["event"], event["by"]) for event in answer.json()["events"]]


# Feature: user-authentication, Property 32: For any sequence of changes to an account, the audit trail should tell
# its owner, and nobody else, each change once with its time, newest first, and forget each when its time is over.
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 50 * DAY)), max_size=5))
async def test_the_trail_tells_each_change_and_forgets_in_time(world: World, steps: list[tuple[str, int]]) -> None:
    """What a user is shown are the changes of the last 90 days, each once; after 90 more there are none."""
    world.clock.now = START
    address, told = fresh_email(), [(iso(START), "signup", "user")]
    caller, login = await world.user(address)
    for step, pause in steps:
        world.clock.advance(pause)
        await caller.log_in(address)
        do, event = STEPS[step]
        await do(world, caller, login["user"]["id"])
        told = [(iso(world.clock.now), *event), *told] if event else told
    await caller.log_in(address)
    stranger, _ = await world.user()

    shown = await activity(caller)

    # An entry expires with a whole second.
    oldest = iso((world.clock.now - KEPT) // 1000 * 1000 + 1000)
    assert shown == [entry for entry in told if entry[0] >= oldest]
    assert await activity(stranger) == [(iso(world.clock.now), "signup", "user")]
    world.clock.advance(KEPT)
    await caller.log_in(address)
    assert await activity(caller) == []


def accepted(secret: bytes, headers: dict[str, str], body: bytes) -> bool:
    """What a receiver does, written from the specification and without our code."""
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest())
    return any(
        version == "v1" and hmac.compare_digest(signature.encode(), expected)
        for version, _, signature in (part.partition(",") for part in headers["webhook-signature"].split(" "))
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
DATA = st.fixed_dictionaries(
    {"event": TEXT, "user": TEXT, "at": st.integers(0, 4_000_000_000_000).map(str), "by": st.just("user")},
    optional={"network": TEXT, "detail": TEXT},
)


# Feature: user-authentication, Property 33: For any event, a webhook should say what happened and carry a signature
# that its receiver can verify, and no change of id, time, body, signature or secret should verify.
@given(
    data=DATA,
    job_id=st.uuids().map(str),
    seconds=st.integers(0, 4_000_000_000),
    secret=st.binary(min_size=24, max_size=64),
    at=st.integers(0, 10_000),
    what=st.sampled_from(["id", "time", "body", "signature", "secret"]),
)
async def test_a_webhook_verifies_and_forgeries_do_not(
    data: dict[str, str], job_id: str, seconds: int, secret: bytes, at: int, what: str
) -> None:
    """The receiver, who has only the secret, takes what we send and nothing that was made of it."""
    body = payload(Job(job_id, "webhook", data, 0))
    key = key_of(f"whsec_{base64.b64encode(secret).decode()}")
    headers = dict(signed(key, job_id, seconds, body))

    assert accepted(secret, headers, body)
    said = json.loads(body)
    assert (said["type"], said["data"]["user"]) == (data["event"], data["user"])
    assert {**said["data"], "event": said["type"], "at": data["at"]} == data
    forged = dict(headers)
    if what == "id":
        forged["webhook-id"] = changed(job_id.encode(), at).decode("latin-1")
    elif what == "time":
        forged["webhook-timestamp"] = str(seconds + 1 + at)
    elif what == "signature":
        forged["webhook-signature"] = f"v1,{changed(headers['webhook-signature'][3:].encode(), at).decode('latin-1')}"
    other_body = changed(body, at) if what == "body" else body
    other_secret = changed(secret, at) if what == "secret" else secret
    assert not accepted(other_secret, forged, other_body)


def changed(data: bytes, at: int) -> bytes:
    """The bytes with one bit another."""
    place = at % len(data)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
