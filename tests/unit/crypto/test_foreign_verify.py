"""The hasher with hashes of other programs: each by its maker's rule, none faster to try than one of ours."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import pytest

from tests.unit.crypto.counting import CountingBcrypt
from tests.unit.crypto.test_foreign import KDF, PASSWORD
from wicketgate.core.errors import HashingBusy, Unavailable
from wicketgate.crypto.passwords import BcryptHasher

LONG = "é" * 40 + "end"
# bcryptjs 2.4 and 3.0 made these; it reads 72 bytes and ignores the rest.
OF_LONG = {
    "2.4": "$2a$04$ABFa80Y.crafQGxClJ9ktu2Vm9pAPemPod8s46fTIlBVFCqlOik9e",
    "3.0": "$2b$04$6nzAqGfDHuj44xwJhlPlVOL5LzzmOn5lNmeCquXyJRNhErdG1h7ma",
}
OF_WIDE = {
    "2.4": "$2a$04$VsBlYgfowYAx8JTnFTNur.a8tb1TbWlnKEtz9ZP30zyxC2N7ZtBTG",
    "3.0": "$2b$04$W6Km.U/VQFsV6ApWz7SMrOMGUuhWWDshsFDfElH/FLh8QPKrT5MUm",
}
DJANGO_BCRYPT = "$2b$04$u8dczNv82yzCsdJW24Osiu16mKDTZ.EJwy1CnR5rlUFiQcAmN91k6"
DJANGO_SHA256 = "$2b$04$0PoZKc6MBDTSOPjVk1M6nunVxoMD3eoGDG8TEUjFvCbpm/9vt6mp6"


@pytest.fixture(scope="module")
def hasher() -> BcryptHasher:
    """A quick hasher with the real bcrypt."""
    return BcryptHasher(4, threads=1)


@pytest.mark.parametrize(
    "stored",
    [
        *KDF.values(),
        f"bcrypt${DJANGO_BCRYPT}",
        f"bcrypt_sha256${DJANGO_SHA256}",
        "$2a$04$zz03etFCXqp5lMQvZUg7Ye3Ec5n/mXLC9BdkeQ8SIQQDz.1IAyh6a",
        "$2b$04$NU2b39Xmeld28bOBjBKO/e3R0sILGCOHf39FU7OeyiMR3qIc1e10O",
    ],
)
async def test_a_password_opens_a_hash_of_another_program(hasher: BcryptHasher, stored: str) -> None:
    """Behind its mark each kind verifies, to its password alone, and is to be renewed."""
    right = await hasher.verify(PASSWORD, f"foreign:{stored}")
    wrong = await hasher.verify("another", f"foreign:{stored}")

    assert (right, wrong) == (True, False)
    assert hasher.outdated(f"foreign:{stored}")


@pytest.mark.parametrize("version", OF_LONG)
async def test_a_long_password_verifies_as_its_maker_hashed_it(hasher: BcryptHasher, version: str) -> None:
    """Of a password of more than 72 bytes another bcrypt read 72, so that is what is tried."""
    right = await hasher.verify(LONG, f"foreign:{OF_LONG[version]}")
    wrong = await hasher.verify("x" + LONG, f"foreign:{OF_LONG[version]}")

    assert (right, wrong) == (True, False)


@pytest.mark.parametrize("version", OF_WIDE)
async def test_another_bcrypt_does_not_normalise(hasher: BcryptHasher, version: str) -> None:
    """A password in wide letters is tried as it is typed."""
    right = await hasher.verify("ｐａｓｓ", f"foreign:{OF_WIDE[version]}")
    wrong = await hasher.verify("pass", f"foreign:{OF_WIDE[version]}")

    assert (right, wrong) == (True, False)


async def test_a_nul_is_in_no_password_of_theirs(hasher: BcryptHasher) -> None:
    """What other bcrypts refuse or cut at a NUL does not open the hash of what stands before it."""
    right = await hasher.verify(f"{PASSWORD}\0more", f"foreign:{DJANGO_BCRYPT}")

    assert not right


async def test_a_kind_that_is_never_ours_needs_no_mark(hasher: BcryptHasher) -> None:
    """A `$2a$` hash in a table that was adopted is another program's, and is renewed like one."""
    right = await hasher.verify(LONG, OF_LONG["2.4"])

    assert right
    assert hasher.outdated(OF_LONG["2.4"])


async def test_our_own_hash_stays_by_our_own_rule(hasher: BcryptHasher) -> None:
    """Without a mark a `$2b$` hash is ours: the first 72 bytes of a password do not open it."""
    stored = await hasher.hash("x" * 73)

    rights = [await hasher.verify("x" * 73, stored), await hasher.verify("x" * 72 + "y", stored)]

    assert rights == [True, False]
    assert not await hasher.verify("x" * 73, f"foreign:{stored}")


@pytest.mark.parametrize(
    "stored", ["foreign:", "foreign:correct horse", f"foreign:{DJANGO_BCRYPT}".replace("$04$", "$16$")]
)
async def test_a_mark_before_what_is_no_hash_is_never_right(stored: str) -> None:
    """What cannot be checked takes as many rounds as an unknown user."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library)

    library.rounds = 0
    right = await hasher.verify("correct horse", stored)

    assert not right
    assert library.rounds == 2**8


@pytest.mark.parametrize("cost", [4, 6, 8])
async def test_another_bcrypt_takes_as_long_as_ours(cost: int) -> None:
    """A wrong password against an imported bcrypt hash of lower cost takes the rounds of an unknown user."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library)

    library.rounds = 0
    await hasher.verify("wrong", f"foreign:{DJANGO_BCRYPT}".replace("$04$", f"${cost:02}$"))

    assert library.rounds == 2**8


MEASURED = (0.0, 0.25, 1.0, 10.0, 0.0, 0.25, 0.0, 0.25)
"""Four quick hashes, of which one was kept waiting: a whole one takes a second."""


def moments(*seconds: float) -> Callable[[], float]:
    """A clock that shows these, one after another."""
    return iter(seconds).__next__


@pytest.mark.parametrize(("spent", "rounds"), [(0.0, 256), (0.25, 192), (0.5, 128), (0.97, 0), (1.0, 0), (7.0, 0)])
async def test_what_is_missing_to_the_time_of_ours_is_made_up(spent: float, rounds: int) -> None:
    """A wrong password against a quicker hash costs the rest in rounds of bcrypt; a slower one costs none."""
    library = CountingBcrypt()
    clock = moments(0.0, *MEASURED, 1.0, 200.0, 200.0 + spent)
    hasher = BcryptHasher(8, threads=1, library=library, timer=clock)
    await hasher.verify("wrong", "foreign:" + KDF["Django PBKDF2"])

    library.rounds = 0
    await hasher.verify("wrong", "foreign:" + KDF["Django PBKDF2"])

    assert library.rounds == rounds


async def test_measuring_is_part_of_the_time() -> None:
    """The first wrong password, at which the time of ours is measured, takes no longer than any other."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library, timer=moments(0.0, *MEASURED, 0.5))

    await hasher.verify("wrong", "foreign:" + KDF["Django PBKDF2"])

    assert library.rounds == 4 * 2**6 + 2**7


async def test_nothing_is_made_up_for_the_right_password() -> None:
    """Whoever proved it has only to wait for the renewal."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library)

    library.rounds = 0
    right = await hasher.verify(PASSWORD, "foreign:" + KDF["Django PBKDF2"])

    assert right
    assert library.rounds == 0


async def test_a_missing_library_is_a_fault_of_ours(hasher: BcryptHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where argon2id cannot be checked nobody is told that the password is wrong."""
    monkeypatch.setitem(sys.modules, "argon2", None)

    with pytest.raises(Unavailable, match="argon2"):
        await hasher.verify(PASSWORD, "foreign:" + KDF["argon2-cffi"])


async def test_the_same_queue_holds_them() -> None:
    """Hashes of other programs take the threads and places of ours, so that they cannot crowd out the machine."""
    library = CountingBcrypt()
    hasher = BcryptHasher(4, threads=1, queue=0, library=library)
    library.gate.clear()
    waiting = asyncio.ensure_future(hasher.verify("wrong", f"foreign:{DJANGO_BCRYPT}"))
    await asyncio.sleep(0)

    with pytest.raises(HashingBusy):
        await hasher.verify(PASSWORD, "foreign:" + KDF["Django PBKDF2"])

    library.gate.set()
    assert not await waiting
