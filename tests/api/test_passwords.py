"""Passwords: what counts, how they are hashed, and what happens when too many come at once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import Counter

import bcrypt
import pytest

from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, Service, fresh_email, fresh_source
from wicketgate.core.users import Edit
from wicketgate.stores.memory import MemoryStore

HASH = "passwordHash"


@pytest.fixture
def service() -> Service:
    """A service that takes common passwords as well, since what is looked at here is their letters."""
    return Service(password_refuse_common=False)


async def stored_hash(service: Service, user_id: str) -> str:
    """The hash in the store."""
    record = await service.store.get(user_id)
    assert record is not None
    return record.private[HASH]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("a" * 72 + "b", "a" * 72 + "c"),
        ("a" * 72 + "b", "a" * 72),
        ("a" * 128, "a" * 127),
        ("é" * 36 + "x", "é" * 36 + "y"),
        ("🙂" * 18 + "x", "🙂" * 18 + "y"),
        ("before\0after", "before\0other"),
        ("before\0after", "before"),
        ("12345678\0", "12345678"),
        (" password ", "password"),
        ("Password", "password"),
        ("pässword", "passwOrd"),
        ("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "eeeeeeee"),
    ],
)
async def test_every_character_counts(service: Service, right: str, wrong: str) -> None:
    """Beyond 72 bytes, behind a NUL, spaces at the ends and case."""
    email = fresh_email()
    await service.caller().sign_up(email, right)

    refused = await service.caller(fresh_source()).log_in(email, wrong)
    granted = await service.caller(fresh_source()).log_in(email, right)

    assert (refused.status_code, granted.status_code) == (401, 200)


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("é" * 8, "e\u0301" * 8),
        ("ﬁﬁﬁﬁﬁﬁﬁﬁ", "fifififififififi"),
        ("Ａ１Ａ１Ａ１Ａ１", "A1A1A1A1"),
        ("Å" * 8, "\u212b" * 8),
    ],
)
async def test_keyboards_spell_differently(service: Service, chosen: str, typed: str) -> None:
    """Two spellings that NFKC makes one are one password."""
    await service.caller().sign_up(EMAIL, chosen)

    answer = await service.caller().log_in(EMAIL, typed)

    assert answer.status_code == 200


async def test_a_digest_is_no_password(service: Service) -> None:
    """Whoever learned the SHA-256 of a long password elsewhere cannot log in by typing it."""
    password = "long " * 20
    await service.caller().sign_up(EMAIL, password)
    digest = hashlib.sha256(password.encode()).digest()
    typed = [base64.b64encode(digest).decode(), digest.hex(), "\xff" + base64.b64encode(digest).decode()]

    answers = [await service.caller(fresh_source()).log_in(EMAIL, attempt) for attempt in typed]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert (await service.caller().log_in(EMAIL, password)).status_code == 200


@pytest.mark.parametrize(
    ("password", "status"),
    [
        ("x" * 7, 400),
        ("x" * 8, 201),
        ("x" * 128, 201),
        ("x" * 129, 400),
        ("é" * 7, 400),
        ("🙂" * 8, 201),
        ("🙂" * 128, 201),
        ("ﬃ" * 3, 201),
        ("ﷺ" * 8, 400),
        (" " * 8, 201),
        ("\0" * 8, 201),
    ],
)
async def test_lengths(service: Service, password: str, status: int) -> None:
    """8 to 128 characters, not bytes, counted after NFKC."""
    answer = await service.caller().sign_up(EMAIL, password)

    assert answer.status_code == status
    assert status != 400 or answer.json()["field"] == "password"


@pytest.mark.parametrize(
    ("password", "status"), [("abcdefgh", 400), ("12345678", 400), ("abcdefg1", 201), ("ябвгдежз9", 201)]
)
async def test_letter_and_digit(password: str, status: int) -> None:
    """The rule that is off by default, on."""
    service = Service(password_letter_and_digit=True, password_refuse_common=False)

    answer = await service.caller().sign_up(EMAIL, password)

    assert answer.status_code == status


@pytest.mark.parametrize("password", ["x", "x" * 129, "x" * 5000])
async def test_login_applies_no_rules(service: Service, password: str) -> None:
    """A wrong password is 401 whatever its length."""
    await service.caller().sign_up()

    answer = await service.caller().log_in(EMAIL, password)

    assert answer.status_code == 401


async def test_a_cheaper_hash_is_renewed(service: Service) -> None:
    """When the cost has risen, the next login hashes anew; the one after does not."""
    _, login = await service.user(EMAIL)
    before = await stored_hash(service, login["user"]["id"])
    dearer = service.beside(bcrypt_cost=5)

    await dearer.caller(fresh_source()).log_in()
    renewed = await stored_hash(service, login["user"]["id"])
    again = await dearer.caller(fresh_source()).log_in()

    assert (before[:7], renewed[:7]) == ("$2b$04$", "$2b$05$")
    assert await stored_hash(service, login["user"]["id"]) == renewed
    assert again.status_code == 200
    assert again.json()["user"] == login["user"]


async def test_a_dearer_hash_stays(service: Service) -> None:
    """Lowering the cost weakens no hash."""
    dearer = service.beside(bcrypt_cost=5)
    _, login = await dearer.user(EMAIL)
    before = await stored_hash(service, login["user"]["id"])

    answer = await service.caller().log_in()

    assert answer.status_code == 200
    assert await stored_hash(service, login["user"]["id"]) == before


async def test_a_failed_login_renews_nothing(service: Service) -> None:
    """Only who knows the password causes a new hash."""
    _, login = await service.user(EMAIL)
    before = await stored_hash(service, login["user"]["id"])

    await service.beside(bcrypt_cost=5).caller().log_in(EMAIL, "wrong one")

    assert await stored_hash(service, login["user"]["id"]) == before


async def test_two_logins_renew_at_once(service: Service) -> None:
    """Both get in, and one of the new hashes stands."""
    _, login = await service.user(EMAIL)
    dearer = service.beside(bcrypt_cost=5)

    answers = await asyncio.gather(*(dearer.caller(fresh_source()).log_in() for _ in range(8)))

    assert [answer.status_code for answer in answers] == [200] * 8
    assert (await stored_hash(service, login["user"]["id"])).startswith("$2b$05$")
    assert (await service.caller().log_in()).status_code == 200


@pytest.mark.parametrize("prefix", [b"2a", b"2b", b"2y"])
async def test_hashes_from_elsewhere(service: Service, prefix: bytes) -> None:
    """What other libraries hashed opens its account."""
    _, login = await service.user(EMAIL)
    made = bcrypt.hashpw(b"from elsewhere", bcrypt.gensalt(4)).replace(b"$2b$", b"$" + prefix + b"$")
    await service.store.edit(login["user"]["id"], Edit(private={HASH: made.decode()}))

    right = await service.caller(fresh_source()).log_in(EMAIL, "from elsewhere")
    wrong = await service.caller(fresh_source()).log_in(EMAIL, "from elsewhere!")

    assert (right.status_code, wrong.status_code) == (200, 401)


@pytest.mark.parametrize(
    "stored", [None, "", "plain text", "$2b$04$short", "$1$abc$def", "$argon2id$v=19$m=65536,t=3,p=4$x$y"]
)
async def test_no_usable_hash(service: Service, stored: str | None) -> None:
    """Without a bcrypt hash no password is right, and nothing breaks."""
    _, login = await service.user(EMAIL)
    await service.store.edit(login["user"]["id"], Edit(private={HASH: stored}))

    answers = [await service.caller(fresh_source()).log_in(EMAIL, password) for password in ("plain text", "x")]

    assert [answer.status_code for answer in answers] == [401, 401]


async def test_a_full_queue() -> None:
    """More logins than threads and queue hold are told to come back; the others get in."""
    service = Service(bcrypt_cost=8, hash_queue_size=1, rate_limit_max_requests=0)
    await service.caller().sign_up()

    answers = await asyncio.gather(*(service.caller().log_in() for _ in range(40)))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 503}
    assert statuses[200] >= 2
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.json() == {"success": False, "error": "An error occurred, please try again"}
    assert int(refused.headers["retry-after"]) >= 1
    assert (await service.caller().log_in()).status_code == 200


async def test_unknown_addresses_cost_the_same_calls() -> None:
    """A login for nobody asks the store for the same, in the same order, as one with a wrong password."""
    store = FaultyStore(MemoryStore())
    service = Service(store)
    await service.caller().sign_up()
    made: list[list[str]] = []

    for email in (EMAIL, fresh_email()):
        store.calls.clear()
        await service.caller(fresh_source()).log_in(email, "wrong one")
        made.append(list(store.calls))

    assert made[0] == made[1]
    assert made[0]
