"""`wicketgate tokens`."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.cli.conftest import Wicketgate, settings
from wicketgate.app import Wicketgate as Service
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.named_tokens import NewToken
from wicketgate.core.users import UserRecord, email_claim


async def _found(gate: Service, email: str) -> UserRecord:
    record = await gate.store.find(email_claim(email))
    assert record is not None
    return record


def make(email: str, *news: NewToken, use: bool = False) -> list[tuple[str, str]]:
    """Makes tokens past the commands. Their ids, and the tokens."""

    async def work() -> list[tuple[str, str]]:
        gate = Service(settings())
        made = [await gate.api_tokens.create(await _found(gate, email), new) for new in news]
        for _, secret in made if use else ():
            await gate.api_tokens.check(secret)
        await gate.outbox.settle()
        await gate.stop()
        return [(token.id, secret) for token, secret in made]

    return asyncio.run(work())


def good(secret: str) -> bool:
    """Whether a token opens anything."""

    async def ask() -> bool:
        gate = Service(settings())
        try:
            await gate.api_tokens.check(secret)
        except NotAuthenticated:
            return False
        finally:
            await gate.stop()
        return True

    return asyncio.run(ask())


def test_a_user_s_tokens_are_listed(wicketgate: Wicketgate, ada: str) -> None:
    """Each with what it is for, as its owner sees it, and none of them itself."""
    ((token_id, secret),) = make(ada, NewToken("Nightly report", ("reports:read",), 90, 100), use=True)

    ran = wicketgate("tokens", "list", ada, "--json")

    (listed,) = map(json.loads, ran.out.splitlines())
    assert {name: listed[name] for name in ("id", "name", "scopes", "limit")} == {
        "id": token_id,
        "name": "Nightly report",
        "scopes": ["reports:read"],
        "limit": 100,
    }
    assert listed.keys() - {"id", "name", "scopes", "limit"} == {"createdAt", "expiresAt", "lastUsedAt"}
    assert secret not in ran.out


def test_a_person_reads_lines(wicketgate: Wicketgate, ada: str) -> None:
    """What there is, and what there is not, in words."""
    make(ada, NewToken("plain"))
    make(ada, NewToken("full", ("a", "b"), 1, 5), use=True)

    lines = wicketgate("tokens", "list", ada).out.splitlines()

    by_name = {line.split("  ")[1]: line.split("  ")[2:] for line in lines}
    assert by_name["plain"] == ["no scopes", "no end", "never used", "no limit"]
    assert by_name["full"][0] == "a b"
    assert [words.split()[0] for words in by_name["full"][1:3]] == ["expires", "used"]
    assert by_name["full"][3] == "5 calls"


@pytest.mark.parametrize(("options", "said"), [((), "No named tokens.\n"), (("--json",), "")])
def test_nothing_to_list(wicketgate: Wicketgate, ada: str, options: tuple[str, ...], said: str) -> None:
    """Said to a person, not to a script."""
    ran = wicketgate("tokens", "list", ada, *options)

    assert (ran.code, ran.out, ran.err) == (0, "", said)


def test_a_token_is_revoked(wicketgate: Wicketgate, ada: str) -> None:
    """It is dead, the other one is not, and the trail says that the operator did it."""
    (gone, dead), (_, other) = make(ada, NewToken("a"), NewToken("b"))

    ran = wicketgate("tokens", "revoke", ada, "--", gone)

    assert (ran.code, ran.out) == (0, f"Revoked {gone} of {ada}\n")
    assert [good(secret) for secret in (dead, other)] == [False, True]
    entries = map(json.loads, wicketgate("audit", "list", "--user", ada, "--json").out.splitlines())
    (entry,) = (entry for entry in entries if entry["event"] == "api_token_revoked")
    assert (entry["by"], entry["detail"]) == ("operator", gone)


@pytest.mark.parametrize(
    ("token_id", "said"),
    [("b2theSBzdXJl", "ada@example.com has no token b2theSBzdXJl"), ("short", "This is not the id of an API token")],
)
def test_a_token_that_is_not_there(wicketgate: Wicketgate, ada: str, token_id: str, said: str) -> None:
    """An operator who mistypes is told so."""
    ran = wicketgate("tokens", "revoke", ada, token_id)

    assert (ran.code, ran.err) == (1, f"wicketgate: {said}\n")
