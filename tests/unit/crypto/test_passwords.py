"""bcrypt with every character counting, and equal work for whoever has no hash."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.unit.crypto.counting import CountingBcrypt
from wicketgate.crypto.bcrypt_hashes import bcrypt_input, cost_of
from wicketgate.crypto.passwords import BcryptHasher

HASH = "$2b$04$yPdddChBlK5RXZUiQ08EH.q7ovPQb6.FpD9w9eLwNgpl2Yy.oEDNe"


@pytest.mark.parametrize(
    ("password", "given"),
    [
        ("correct horse", b"correct horse"),
        ("", b""),
        ("x" * 72, b"x" * 72),
        ("é" * 36, "é".encode() * 36),
        ("ｐａｓｓｗｏｒｄ", b"password"),
        ("e\u0301", "é".encode()),
    ],
)
def test_a_short_password_is_given_as_it_is(password: str, given: bytes) -> None:
    """Up to 72 bytes of NFKC go into bcrypt unchanged, so that hashes from elsewhere still fit."""
    made = bcrypt_input(password)

    assert made == given


@pytest.mark.parametrize("password", ["x" * 73, "é" * 37, "pass\0word", "\0", "x" * 128, "😀" * 128])
def test_a_long_password_is_given_as_a_digest(password: str) -> None:
    """What bcrypt would cut off, or end at a NUL, goes in as 0xFF and the base64 of its SHA-256."""
    made = bcrypt_input(password)

    assert made == b"\xff" + base64.b64encode(hashlib.sha256(password.encode()).digest())
    assert len(made) <= 72
    assert b"\0" not in made


def test_no_password_can_be_typed_for_a_digest() -> None:
    """Knowing a long password's digest opens nothing: no text has the byte 0xFF in its UTF-8 form."""
    digest = bcrypt_input("x" * 73)

    for encoding in ("latin-1", "utf-8"):
        typed = bcrypt_input(digest.decode(encoding, "surrogateescape"))
        assert typed != digest
    assert bcrypt_input(digest[1:].decode()) != digest


@pytest.mark.parametrize(
    ("stored", "cost"),
    [
        (HASH, 4),
        (HASH.replace("$2b$", "$2a$"), 4),
        (HASH.replace("$2b$", "$2y$"), 4),
        (HASH.replace("$04$", "$12$"), 12),
        (HASH.replace("$04$", "$31$"), 31),
        (HASH.replace("$04$", "$03$"), None),
        (HASH.replace("$04$", "$32$"), None),
        (HASH.replace("$04$", "$²²$"), None),
        (HASH.replace("$04$", "$+4$"), None),
        (HASH.replace("$2b$", "$2x$"), None),
        (HASH.replace("$2b$", "$2$0"), None),
        (HASH[:-1], None),
        (HASH + "A", None),
        (HASH + "\n", None),
        (HASH[:-1] + "!", None),
        (HASH[:28] + "z" + HASH[29:], None),
        ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$hash", None),
        ("correct horse", None),
        ("", None),
    ],
)
def test_a_hash_tells_its_cost(stored: str, cost: int | None) -> None:
    """Only what bcrypt can check is a hash, and its cost stands in it."""
    found = cost_of(stored)

    assert found == cost


@pytest.fixture(scope="module")
def hasher() -> BcryptHasher:
    """A quick hasher with the real bcrypt."""
    return BcryptHasher(4, threads=1)


@pytest.mark.parametrize("password", ["correct horse", "x" * 128, "pass\0word", "ｐａｓｓ", "😀" * 40, ""])
async def test_a_password_opens_its_hash(hasher: BcryptHasher, password: str) -> None:
    """A password verifies against its hash, which is an ordinary `$2b$` one of today's cost."""
    stored = await hasher.hash(password)

    assert stored.startswith("$2b$04$")
    assert len(stored) == 60
    assert await hasher.verify(password, stored)
    assert not await hasher.verify(password + "x", stored)


async def test_every_character_counts(hasher: BcryptHasher) -> None:
    """Two passwords that are one in their first 72 bytes, or up to a NUL, are two."""
    long, with_nul = await hasher.hash("x" * 72 + "a"), await hasher.hash("pass\0word")

    assert not await hasher.verify("x" * 72 + "b", long)
    assert not await hasher.verify("x" * 72, long)
    assert not await hasher.verify("pass", with_nul)
    assert not await hasher.verify("pass\0work", with_nul)


async def test_a_password_is_one_however_it_was_typed(hasher: BcryptHasher) -> None:
    """A composed and a decomposed accent are the same password."""
    stored = await hasher.hash("caf\u00e9 au lait")

    right = await hasher.verify("cafe\u0301 au lait", stored)

    assert right


@pytest.mark.parametrize("kind", ["$2a$", "$2b$", "$2y$"])
async def test_hashes_from_elsewhere_are_good(hasher: BcryptHasher, kind: str) -> None:
    """The prefixes that other libraries write verify."""
    right = await hasher.verify("correct horse", HASH.replace("$2b$", kind))

    assert right


async def test_two_hashes_of_one_password_differ(hasher: BcryptHasher) -> None:
    """Each hash has a salt of its own."""
    hashes = {await hasher.hash("correct horse") for _ in range(3)}

    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("stored", "old"),
    [
        (HASH, True),
        (HASH.replace("$04$", "$05$"), False),
        (HASH.replace("$04$", "$06$"), False),
        ("no hash", True),
    ],
)
def test_a_cheaper_hash_is_outdated(stored: str, old: bool) -> None:
    """A hash is outdated when it costs less than one made today, or is none."""
    found = BcryptHasher(5, threads=1, library=CountingBcrypt()).outdated(stored)

    assert found is old


@pytest.mark.parametrize("cost", [4, 5, 6, 8])
async def test_a_wrong_password_costs_the_same_against_any_hash(cost: int) -> None:
    """Against a hash of lower cost a wrong password takes exactly as many rounds as against none."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library)
    stored = library.hashpw(b"correct horse", library.gensalt(cost)).decode()

    library.rounds = 0
    right = await hasher.verify("wrong", stored)

    assert not right
    assert library.rounds == 2**8


@pytest.mark.parametrize("stored", [None, "", "no hash", HASH[:-1], HASH.replace("$04$", "$²²$"), "é" * 60])
async def test_no_hash_costs_the_same_and_is_never_right(stored: str | None) -> None:
    """An unknown user, and a hash that is none, take as many rounds as a wrong password."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library)

    library.rounds = 0
    right = await hasher.verify("correct horse", stored)

    assert not right
    assert library.rounds == 2**8


async def test_the_right_password_takes_no_more_than_its_hash() -> None:
    """Nothing is padded for the right password, whose hash is renewed instead."""
    library = CountingBcrypt()
    hasher = BcryptHasher(8, threads=1, library=library)
    stored = library.hashpw(b"correct horse", library.gensalt(5)).decode()

    library.rounds = 0
    right = await hasher.verify("correct horse", stored)

    assert right
    assert library.rounds == 2**5
