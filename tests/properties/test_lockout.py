"""Property 34: strangers cannot lock an owner out of a browser that is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support.service import PASSWORD, Service, fresh_email, fresh_source

MOST, OWN = 2, 1


# Feature: user-authentication, Property 34: For any number of strangers' failures, with or without marks of their own
# making, a browser in which the owner has logged in before should be let in with the right password, and nobody else.
@given(
    failures=st.lists(st.sampled_from(["bare", "forged", "another's"]), min_size=MOST, max_size=MOST + 2),
    mistakes=st.integers(0, OWN),
    letter=st.sampled_from("Ax9-_"),
)
async def test_a_known_browser_is_not_locked_out(
    world: World, failures: list[str], mistakes: int, letter: str
) -> None:
    """While strangers wait the owner logs in, as long as their own mistakes leave room."""
    service: Service = world.beside(
        device_cookie="on", account_limit_max_failures=MOST, device_limit_max_failures=OWN + 1
    )
    address = fresh_email()
    browser, _ = await service.user(address)
    other, _ = await service.user()
    mark = browser.cookies["device"]
    marks = {"bare": "", "forged": f"{mark[:-2]}{letter}{mark[-1]}", "another's": other.cookies["device"]}
    marks = {kind: "" if made == mark else made for kind, made in marks.items()}

    for kind in failures:
        cookie = {"Cookie": f"device={marks[kind]}"}
        await service.caller(fresh_source(), headers=cookie).log_in(address, "wrong password")
    own = [
        await service.caller(fresh_source(), headers={"Cookie": f"device={mark}"}).log_in(address, "mistyped")
        for _ in range(mistakes)
    ]
    strangers = [
        await service.caller(fresh_source(), headers={"Cookie": f"device={made}"}).log_in(address, PASSWORD)
        for made in marks.values()
    ]
    owner = await service.caller(fresh_source(), headers={"Cookie": f"device={mark}"}).log_in(address, PASSWORD)

    assert {answer.status_code for answer in strangers} == {429}
    assert {answer.status_code for answer in own} <= {401}
    assert owner.status_code == 200
