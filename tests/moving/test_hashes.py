"""Every kind of password hash logs in once brought along, and is ours from then on."""

from __future__ import annotations

import asyncio

import pytest

from tests.moving.conftest import Run, everyone, json_lines, store_of_commands
from tests.support.service import Service
from tests.unit.crypto.test_foreign import DEFAULTS, KDF, PASSWORD

BCRYPT = {
    "bcryptjs 2": "$2a$04$zz03etFCXqp5lMQvZUg7Ye3Ec5n/mXLC9BdkeQ8SIQQDz.1IAyh6a",
    "bcryptjs 3": "$2b$04$NU2b39Xmeld28bOBjBKO/e3R0sILGCOHf39FU7OeyiMR3qIc1e10O",
    "PHP": "$2y$04$NU2b39Xmeld28bOBjBKO/e3R0sILGCOHf39FU7OeyiMR3qIc1e10O",
    "Django bcrypt": "bcrypt$$2b$04$u8dczNv82yzCsdJW24Osiu16mKDTZ.EJwy1CnR5rlUFiQcAmN91k6",
    "Django bcrypt_sha256": "bcrypt_sha256$$2b$04$0PoZKc6MBDTSOPjVk1M6nunVxoMD3eoGDG8TEUjFvCbpm/9vt6mp6",
}
HASHES = {**BCRYPT, **KDF, **{f"{name}, as is": text for name, text in DEFAULTS.items()}}


async def _log_in(email: str, *passwords: str) -> list[int]:
    store = store_of_commands()
    try:
        caller = Service(store).caller()
        return [(await caller.log_in(email, password)).status_code for password in passwords]
    finally:
        await store.close()


@pytest.mark.parametrize("text", HASHES.values(), ids=HASHES)
def test_a_hash_logs_in_and_is_renewed(run: Run, text: str) -> None:
    """The right password logs in and the wrong one does not, before the hash is renewed as after."""
    run("users", "import", "-", stdin=json_lines({"email": "ada@example.com", "passwordHash": text}))
    before = everyone()["ada@example.com"].private["passwordHash"]

    statuses = asyncio.run(_log_in("ada@example.com", "wrong", PASSWORD, "wrong", PASSWORD))

    assert before == f"foreign:{text}"
    assert statuses == [401, 200, 401, 200]
    assert everyone()["ada@example.com"].private["passwordHash"].startswith("$2b$04$")


def test_nobody_logs_in_without_a_password(run: Run) -> None:
    """A user who was brought along without a password has none, and no guess is right."""
    run("users", "import", "-", stdin=json_lines({"email": "ada@example.com"}))

    statuses = asyncio.run(_log_in("ada@example.com", "foreign:", "None", "x"))

    assert statuses == [401, 401, 401]
