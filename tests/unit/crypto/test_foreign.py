"""Password hashes of other programs, against hashes that those programs made."""

from __future__ import annotations

import argon2
import pytest

from wicketgate.crypto import foreign
from wicketgate.crypto.bcrypt_hashes import BcryptHash, first_bytes, sha256_hex
from wicketgate.crypto.foreign_limits import UnusableHash

PASSWORD = "pässword 🦉"

# Django 5.2, Werkzeug 3.1, passlib 1.7 and argon2-cffi 25.1 made these of the password above, at low cost.
KDF = {
    "Django PBKDF2": "pbkdf2_sha256$1000$NaClNaClNaCl$6pSWcACOiLC9VxgyPr7MGV/r8O0OPG0eX+wjtgoBWPI=",
    "Django PBKDF2 SHA-1": "pbkdf2_sha1$1000$NaClNaClNaCl$Nrv4VWiov8VLyF+8U9SMBySNjHs=",
    "Django scrypt": "scrypt$1024$NaClNaClNaCl$8$5$bNg3uf4NCdH9O6DHubxNdiSphox2kGevbt/R5n+BV4P"
    "+MdaIcvdQNQwkjjgKRiv9OJHSUl4Ir9NWpoKYoiw+lQ==",
    "Django argon2": "argon2$argon2id$v=19$m=64,t=1,p=1$TmFDbE5hQ2xOYUNs$O16SIf1S4hoCsNKwVYu23u30IqkUm8nW4nquWJVP8yE",
    "Werkzeug PBKDF2": "pbkdf2:sha256:1000$sClRD4XTRPxN$"
    "ccea657d8af36d43228fa554100ad4bd3b6955b9742cc2d314b3562808b92c1c",
    "Werkzeug PBKDF2 SHA-512": "pbkdf2:sha512:1000$Xt2dbQa6wh1A$"
    "83155e7dba064844fb9d25d4bf98fb22091f0b69612ddf9e71094ea835de875111b629d341dfb842d2b54c701eed13db"
    "733ea6f694fad387ef65c826f9f50cac",
    "Werkzeug PBKDF2 SHA-1": "pbkdf2:sha1:1000$ph5C5ahOFg9s$1ebd03485a412b743564a4e95fb675cc1d6660a7",
    "Werkzeug scrypt": "scrypt:1024:8:1$GVc0TYdp6PLL$"
    "702fb04568f26f3e4a08830b960b4ab8eadf7581d628e21896259757f9d9b4934a92d05fe18b528b97f3414d01023e01"
    "f1dcde892d263b77134118d22a1bb7fb",
    "passlib PBKDF2": "$pbkdf2-sha256$1000$15pTCgHgXOtd6/2fc85Zyw$N6FmFm15QTXG9rluoZYTLdm1qM7MH2y1cuAoWKrkKB4",
    "passlib PBKDF2 SHA-512": "$pbkdf2-sha512$1000$urdWCmFMCeGc01pLKeV87w$"
    "HqUVLnmOnTRgPvmNDk./DPeBrWfar2zdsVujQ0K8ZZOUeOi1GRIMFhQH6TCxFrMPVdoZbzS3e0UL5sLJD2S1FQ",
    "passlib PBKDF2 SHA-1": "$pbkdf2$1000$xxhjjNHaG8NYixGiFCKktA$.P2yFNTeNpe3ZUTVG5kYhVTGiPU",
    "passlib scrypt": "$scrypt$ln=10,r=8,p=1$rXWu9Z5TitG6FyKEUIoRwg$//FxP6FLev03IAffz/GGbtN9I0PAtic8Vn6Ju78TIsQ",
    "argon2-cffi": "$argon2id$v=19$m=64,t=1,p=2$DusWJ2GIQWwCuhQckaVs8Q$L/I27H2LTUsbmELspFvm/O/D13EP8gjjAfZF2eCmU6Y",
}
# What the libraries make when they are asked for nothing in particular.
DEFAULTS = {
    "Werkzeug": "scrypt:32768:8:1$aUkcP3q5BAScCE7n$"
    "758b7d3c420e0501d9acd546111b133234d541110bab83194879e9ee35e7298037b585a0f53b67af3e4a762efe74f746"
    "b7ead5e66f34630ab6657ca94aacc82d",
    "Werkzeug PBKDF2": "pbkdf2:sha256:1000000$QLwHfnrCFJOttbFW$"
    "7c97fc5f23eb22a6161d33a8128c94f529eb918b92ec6e119cec94eb13a23692",
    "argon2-cffi": "$argon2id$v=19$m=65536,t=3,p=4$DqSxuNQu2Ea3xKTSyu+dCA$"
    "8Tx6P877aOL81gKZB3w6vLSEYwd1B1nkY93ing9xSr0",
}
BCRYPT = "$2b$04$u8dczNv82yzCsdJW24Osiu16mKDTZ.EJwy1CnR5rlUFiQcAmN91k6"
SHA256 = "$2b$04$0PoZKc6MBDTSOPjVk1M6nunVxoMD3eoGDG8TEUjFvCbpm/9vt6mp6"
SALT_AND_RESULT = "c29tZXNhbHQ$" + "A" * 43


@pytest.mark.parametrize(
    "text", [*KDF.values(), *DEFAULTS.values()], ids=[*KDF, *(f"{name}, as is" for name in DEFAULTS)]
)
def test_a_hash_opens_to_its_password_alone(text: str) -> None:
    """What another program hashed is checked as that program would, every character counting."""
    made = foreign.read(text)
    assert not isinstance(made, BcryptHash)

    right, wrong = made.opens(PASSWORD), made.opens(PASSWORD + " ")

    assert (right, wrong) == (True, False)


def test_a_password_counts_as_it_was_typed() -> None:
    """No other program normalises: what was typed decomposed is another password."""
    made = foreign.read(KDF["Django PBKDF2"])
    assert not isinstance(made, BcryptHash)

    right = made.opens("pa\u0308ssword 🦉")

    assert not right


@pytest.mark.parametrize(
    ("text", "hashed"),
    [
        (BCRYPT, BcryptHash(BCRYPT.encode(), 4, first_bytes)),
        (BCRYPT.replace("$2b$", "$2a$"), BcryptHash(BCRYPT.replace("$2b$", "$2a$").encode(), 4, first_bytes)),
        (BCRYPT.replace("$2b$", "$2y$"), BcryptHash(BCRYPT.replace("$2b$", "$2y$").encode(), 4, first_bytes)),
        (f"bcrypt${BCRYPT}", BcryptHash(BCRYPT.encode(), 4, first_bytes)),
        (f"bcrypt_sha256${SHA256}", BcryptHash(SHA256.encode(), 4, sha256_hex)),
        (BCRYPT.replace("$04$", "$15$"), BcryptHash(BCRYPT.replace("$04$", "$15$").encode(), 15, first_bytes)),
    ],
)
def test_bcrypt_is_read_with_its_makers_rule(text: str, hashed: BcryptHash) -> None:
    """A bcrypt hash says its cost, and its maker decides which bytes stand for a password."""
    found = foreign.read(text)

    assert found == hashed


MALFORMED = [
    "",
    "correct horse",
    "x" * 1025,
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "$1$salt$hash",
    "$2$04$" + BCRYPT[7:],
    "$2x$04$" + BCRYPT[7:],
    BCRYPT[:-1],
    BCRYPT + "\n",
    BCRYPT.replace("$04$", "$03$"),
    "bcrypt$correct horse",
    "bcrypt_sha256$" + BCRYPT[1:],
    "$argon2i$v=19$m=64,t=1,p=2$" + SALT_AND_RESULT,
    "$argon2d$v=19$m=64,t=1,p=2$" + SALT_AND_RESULT,
    "$argon2id$v=16$m=64,t=1,p=2$" + SALT_AND_RESULT,
    "$argon2id$m=64,t=1,p=2$" + SALT_AND_RESULT,
    "$argon2id$v=19$m=64,t=1,p=2$" + SALT_AND_RESULT + "$",
    "$argon2id$v=19$m=8,t=1,p=2$" + SALT_AND_RESULT,
    "argon2$argon2id$",
    "pbkdf2_sha256$1000$salt",
    "pbkdf2_sha256$-1$salt$" + "A" * 44,
    "pbkdf2_sha256$1e3$salt$" + "A" * 44,
    "pbkdf2_sha256$١٠$salt$" + "A" * 44,
    "pbkdf2_sha256$1000$salt$!!!",
    "pbkdf2_sha256$1000$salt$A",
    "pbkdf2_sha256$1000$s\ud800lt$" + "A" * 44,
    "pbkdf2_sha256$1000$salt$",
    "pbkdf2_sha256$0$salt$" + "A" * 44,
    "pbkdf2:md5:1000$salt$" + "0" * 64,
    "pbkdf2:sha256$salt$" + "0" * 64,
    "pbkdf2:sha256:1000$salt$" + "g" * 64,
    "pbkdf2:sha256:1000$salt$" + "00" * 15,
    "scrypt:1024:8$salt$" + "00" * 64,
    "scrypt:1000:8:1$salt$" + "00" * 64,
    "scrypt:1:8:1$salt$" + "00" * 64,
    "scrypt:0:8:1$salt$" + "00" * 64,
    "scrypt:1024:8:0$salt$" + "00" * 64,
    "scrypt:1024:0:1$salt$" + "00" * 64,
    "scrypt:65536:1:1$salt$" + "00" * 64,
    "scrypt$1024$salt$8$1",
    "$scrypt$ln=x,r=8,p=1$" + SALT_AND_RESULT,
    "$scrypt$ln=10,r=8$" + SALT_AND_RESULT,
    "$pbkdf2-md5$1000$" + SALT_AND_RESULT,
]
TOO_MUCH = [
    BCRYPT.replace("$04$", "$16$"),
    BCRYPT.replace("$04$", "$31$"),
    f"bcrypt_sha256${BCRYPT}".replace("$04$", "$31$"),
    "pbkdf2_sha256$5000001$salt$" + "A" * 43 + "=",
    "pbkdf2_sha256$999999999999$salt$" + "A" * 43 + "=",
    "pbkdf2:sha1:2000000$salt$" + "00" * 64,
    "pbkdf2:sha256:1$salt$" + "00" * 129,
    "scrypt:262144:8:1$salt$" + "00" * 64,
    "scrypt:131072:8:5$salt$" + "00" * 64,
    "scrypt:2:1:2097152$salt$" + "00" * 64,
    "scrypt:2:999999999999:1$salt$" + "00" * 64,
    "$scrypt$ln=99,r=8,p=1$" + SALT_AND_RESULT,
    "$argon2id$v=19$m=262145,t=1,p=1$" + SALT_AND_RESULT,
    "$argon2id$v=19$m=262144,t=5,p=1$" + SALT_AND_RESULT,
    "$argon2id$v=19$m=64,t=999999999,p=1$" + SALT_AND_RESULT,
    "$argon2id$v=19$m=1024,t=1,p=17$" + SALT_AND_RESULT,
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_hash_is_refused(text: str) -> None:
    """What could not be checked later is refused, with a reason that does not repeat it."""
    with pytest.raises(UnusableHash) as refused:
        foreign.read(text)

    assert not text or text not in str(refused.value)


@pytest.mark.parametrize("text", TOO_MUCH)
def test_a_hash_that_asks_for_too_much_is_refused(text: str) -> None:
    """No hash makes one login take minutes, or all the memory there is; the reason names the bound."""
    with pytest.raises(UnusableHash, match=r"at most|to 128 are taken"):
        foreign.read(text)


def test_a_kept_hash_is_marked() -> None:
    """Behind the mark stands the hash letter for letter, and only what can be checked gets one."""
    text = KDF["Werkzeug PBKDF2"]

    kept = foreign.marked(text)

    assert kept == "foreign:" + text
    assert foreign.kept(kept) == foreign.read(text)
    with pytest.raises(UnusableHash):
        foreign.marked("correct horse")


def test_argon2_parameters_are_those_that_were_written() -> None:
    """A hash of the library's own making opens at once, whatever the parameters within the bounds."""
    made = argon2.PasswordHasher(time_cost=2, memory_cost=256, parallelism=16, hash_len=16).hash(PASSWORD)

    read = foreign.read(made)

    assert not isinstance(read, BcryptHash)
    assert read.opens(PASSWORD)
