"""Properties 7 to 11: what people see of themselves, and how they change it."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support import strategies as people
from tests.support.service import bearer, unique
from wicketgate.core.clock import iso

DESIGN_PATTERN = re.compile(r"^[^\s@]+@[^\s@]+\.[^\s@]+$")


def kept(address: str) -> str:
    """The address as the contract keeps it."""
    cleaned = people.clean(address)
    return people.normal_form(cleaned) if people.is_address(cleaned) else cleaned


# Feature: user-authentication, Property 7: For any authenticated user, requesting their profile should return their
# current profile data from DynamoDB matching their user ID.
@given(crowd=st.lists(st.tuples(people.addresses(), people.NAMES), min_size=1, max_size=3))
async def test_authenticated_users_retrieve_profiles(world: World, crowd: list[tuple[str, str]]) -> None:
    """Everybody sees their own data as the store has it, and nobody else's."""
    known = [(unique(address), name) for address, name in crowd]
    logins = [(await world.user(address, name=name))[1] for address, name in known]

    profiles = [(await world.caller().profile(login["token"])).json()["user"] for login in logins]

    assert len({profile["id"] for profile in profiles}) == len(known)
    for (address, name), login, profile in zip(known, logins, profiles, strict=True):
        raw = await world.depths.user(login["user"]["id"])
        assert profile == {
            "id": raw["userId"],
            "email": raw["email"],
            "name": raw["name"],
            "plan": "free",
            "createdAt": raw["createdAt"],
            "lastModified": raw["lastModified"],
        }
        assert (profile["email"], profile["name"]) == (kept(address), people.clean(name))


CHANGES = st.fixed_dictionaries(
    {}, optional={"name": people.NAMES, "email": people.addresses(), "bio": people.BIOS | st.none()}
)


# Feature: user-authentication, Property 8: For any authenticated user and valid profile update data (name, email,
# bio), the update should be persisted to DynamoDB and the lastModified timestamp should be updated to the current
# time.
@given(changes=st.lists(st.tuples(CHANGES, st.integers(1, 10_000)), min_size=1, max_size=3))
async def test_valid_profile_updates_persist(world: World, changes: list[tuple[dict[str, Any], int]]) -> None:
    """Each change is in the store with the time it was made, and what it does not name stays."""
    _, login = await world.user()
    expected = dict(login["user"])

    for change, later in changes:
        if "email" in change:
            change = {**change, "email": unique(change["email"])}
        world.clock.advance(later)
        answer = await world.caller().update(change, login["token"])

        assert answer.status_code == 200
        expected |= {name: people.clean(change[name]) for name in ("name",) if name in change}
        expected |= {name: kept(change[name]) for name in ("email",) if name in change}
        expected |= {name: people.clean(change[name] or "", "\n") for name in ("bio",) if name in change}
        expected |= {"lastModified": iso(world.clock.now)} if change else {}
        expected = {name: value for name, value in expected.items() if value}
        assert answer.json() == {"success": True, "user": expected}
        assert (await world.caller().profile(login["token"])).json()["user"] == expected
        raw = await world.depths.user(expected["id"])
        shown = {name: raw.get(name) for name in ("email", "name", "bio", "createdAt", "lastModified")}
        assert shown == {name: expected.get(name) for name in shown}
    again = await world.caller().log_in(expected["email"])
    assert again.json()["user"] == expected


NOT_TEXT = (
    st.integers()
    | st.booleans()
    | st.lists(st.text(max_size=3), max_size=2)
    | st.floats(allow_nan=False, allow_infinity=False)
)
WRONG = {
    "name": st.sampled_from(["", "   ", "\0\x07", "\u202e\ufeff", "n" * 101, "é" * 101, None]) | NOT_TEXT,
    "email": st.sampled_from(
        [
            "",
            "a",
            "a@",
            "@b.c",
            "a@b",
            "a b@example.com",
            "a@b@example.com",
            "a@-b.com",
            "a@b..com",
            ".a@b.com",
            None,
            f"a@{'b' * 64}.com",
            f"{'a' * 60}@{'b.' * 100}com",
            "a@[127.0.0.1]",
        ]
    )
    | NOT_TEXT,
    "bio": st.sampled_from(["b" * 501, "é" * 501, "\n\n" + "b\n" * 251 + "b"]) | NOT_TEXT,
    "plan": st.just("paid"),
    "passwordHash": st.text(max_size=5),
    "sessionVersion": st.integers(),
}


@st.composite
def invalid_changes(draw: st.DrawFn) -> tuple[dict[str, Any], set[str]]:
    """A change with at least one wrong field, and the names of the wrong ones."""
    wrong = draw(st.sets(st.sampled_from(sorted(WRONG)), min_size=1, max_size=3))
    right = draw(st.fixed_dictionaries({}, optional={"name": people.NAMES, "bio": people.BIOS}))
    return {**right, **{name: draw(WRONG[name]) for name in wrong}}, wrong


# Feature: user-authentication, Property 9: For any profile update with invalid data (malformed email, exceeding
# length limits, etc.), the update should be rejected with validation errors and the profile should remain unchanged.
@given(case=invalid_changes())
async def test_invalid_profile_updates_rejected(world: World, case: tuple[dict[str, Any], set[str]]) -> None:
    """One wrong field is enough to change nothing, and each wrong field is named."""
    change, wrong = case
    _, login = await world.user(name="Ada")
    before = await world.depths.user(login["user"]["id"])
    world.clock.advance(1000)

    answer = await world.caller().update(change, login["token"])

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == wrong
    assert answer.json()["field"] in wrong
    assert answer.json()["error"] == answer.json()["errors"][answer.json()["field"]]
    assert (await world.caller().profile(login["token"])).json()["user"] == login["user"]
    assert await world.depths.user(login["user"]["id"]) == before


ALMOST_ADDRESSES = st.builds(
    lambda local, at, domain: f"{local}{at}{domain}",
    people.free_text(4) | people.LOCALS,
    st.sampled_from(["@", "", "@@", " @", ".@", "\0@"]),
    people.free_text(4) | people.DOMAINS | st.sampled_from(["localhost", "example", "b.test", "a..com", "-a.com"]),
)


# Feature: user-authentication, Property 10: For any email address update, the system should validate the email
# format using a regex pattern before persisting, rejecting invalid formats.
@given(address=ALMOST_ADDRESSES | people.addresses() | people.free_text(10))
async def test_email_validation_enforced(world: World, address: str) -> None:
    """An address is taken if and only if it fits the pattern, the length and the syntax of addresses."""
    address = unique(address)
    cleaned = people.clean(address)
    fits = len(cleaned) <= 255 and DESIGN_PATTERN.match(cleaned) is not None and people.is_address(cleaned)
    _, login = await world.user()

    answer = await world.caller().update({"email": address}, login["token"])

    raw = await world.depths.user(login["user"]["id"])
    if fits:
        assert answer.status_code == 200, answer.text
        assert answer.json()["user"]["email"] == raw["email"] == kept(address)
        assert DESIGN_PATTERN.match(raw["email"])
        assert (await world.caller().log_in(raw["email"])).status_code == 200
    else:
        assert answer.status_code == 400
        assert answer.json()["field"] == "email"
        assert raw["email"] == login["user"]["email"]


HEADER_VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)


# Feature: user-authentication, Property 11: For any request to profile endpoints without a valid authentication
# token, access should be denied.
@given(
    change=CHANGES | people.JSON_VALUES,
    headers=st.fixed_dictionaries(
        {},
        optional={
            "Authorization": HEADER_VALUES | HEADER_VALUES.map(lambda text: f"Bearer {text}") | st.just("Basic YTpi"),
            "Cookie": HEADER_VALUES.map(lambda text: f"auth_token={text}") | HEADER_VALUES,
            "X-CSRF-Token": HEADER_VALUES,
            "Sec-Fetch-Site": st.just("same-origin"),
        },
    ),
    api_token=st.booleans(),
)
async def test_unauthenticated_profile_access_denied(
    world: World, change: Any, headers: dict[str, str], api_token: bool
) -> None:
    """Whatever else a request carries, without a session it reads nothing and changes nothing."""
    _, login = await world.user(name="Ada")
    if api_token:
        headers = {**headers, **bearer(login["api_token"])}

    read = await world.caller().get("/api/profile", headers=headers)
    written = await world.caller().put(
        "/api/profile/update", content=json.dumps(change), headers={**headers, "Content-Type": "application/json"}
    )

    assert (read.status_code, written.status_code) == (401, 401)
    assert read.json() == written.json() == {"success": False, "error": "Authentication required"}
    assert (await world.caller().profile(login["token"])).json()["user"] == login["user"]
