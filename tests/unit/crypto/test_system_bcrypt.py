"""bcrypt by the system's libxcrypt: what the `bcrypt` package makes, to the byte, and never anything else."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator

import bcrypt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.crypto.test_foreign import PASSWORD
from tests.unit.crypto.test_foreign_verify import DJANGO_BCRYPT, LONG, OF_LONG
from wicketgate.crypto import libxcrypt
from wicketgate.crypto.bcrypt_hashes import MAX_BYTES, bcrypt_input, first_bytes, sha256_hex
from wicketgate.crypto.libxcrypt import Libxcrypt, first_right, load
from wicketgate.crypto.system_bcrypt import SystemBcrypt

FAST = SystemBcrypt()
SLOW = SystemBcrypt(lambda: None)
SALT = b"$2b$04$wicketgateWICKETGATE.."

salts = st.binary(min_size=16, max_size=16).map(lambda raw: bcrypt.hashpw(raw, bcrypt.gensalt(4))[:29])


class Answering:
    """A library that always answers the same, and counts how often it is asked."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.asked = 0

    def __call__(self, password: bytes, salt: bytes) -> bytes | None:
        self.asked += 1
        return self.answer

    def found(self) -> Libxcrypt:
        """The library as if it had been loaded."""
        return Libxcrypt("libfake.so", self)


@given(password=st.binary(max_size=80), salt=salts, kind=st.sampled_from([b"$2a$", b"$2b$", b"$2y$"]))
@example(password=b"\xff\xff\xa3", salt=SALT, kind=b"$2a$")  # libxcrypt's own `$2a$` hashes this one otherwise
@example(password=b"\xff" * 72, salt=SALT, kind=b"$2b$")
@example(password=b"pass\0word", salt=SALT, kind=b"$2b$")
def test_both_libraries_make_the_same_hash(password: bytes, salt: bytes, kind: bytes) -> None:
    """Any bytes hash to what the `bcrypt` package makes of them, and what it refuses is refused."""
    salt = kind + salt[4:]

    if len(password) > MAX_BYTES:
        with pytest.raises(ValueError, match="72"):
            FAST.hashpw(password, salt)
        return
    made = FAST.hashpw(password, salt)

    assert made == bcrypt.hashpw(password, salt)
    assert FAST.checkpw(password, made)
    assert not FAST.checkpw(password[:-1] + b"?" if password[-1:] != b"?" else b"!", made)


@given(password=st.text(max_size=60), salt=salts)
def test_both_libraries_read_a_password_alike(password: str, salt: bytes) -> None:
    """A hash that one made of a password opens by the other."""
    secret = bcrypt_input(password)

    assert FAST.checkpw(secret, SLOW.hashpw(secret, salt))
    assert SLOW.checkpw(secret, FAST.hashpw(secret, salt))


@pytest.mark.parametrize("library", [FAST, SLOW])
@pytest.mark.parametrize(
    ("secret", "stored"),
    [
        (PASSWORD.encode(), DJANGO_BCRYPT),
        (LONG.encode()[:72], OF_LONG["2.4"]),
        (LONG.encode()[:72], OF_LONG["3.0"]),
        # Openwall's, of the fault that made bytes above 127 negative.
        (b"\xff\xff\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    ],
)
def test_hashes_that_others_made_open(library: SystemBcrypt, secret: bytes, stored: str) -> None:
    """Hashes of bcryptjs, Django and Openwall open by either library, and by no other password."""
    assert library.checkpw(secret, stored.encode())
    assert not library.checkpw(secret + b"x" if len(secret) < 72 else secret[:-1], stored.encode())


@pytest.mark.parametrize("secret", [bcrypt_input, first_bytes, sha256_hex])
@pytest.mark.parametrize("password", ["", "pass\0word", "\0", "é" * 80, "é" * 80 + "\0", "\ud800\0"])
def test_time_does_not_tell_whose_hash_it_is(secret: Callable[[str], bytes], password: str) -> None:
    """Every password goes to the same library by every maker's rule, so none takes longer where somebody is known."""
    library = Answering(None)

    SystemBcrypt(library.found).hashpw(secret(password), SALT)

    assert library.asked == 1


def test_what_libxcrypt_would_read_otherwise_it_is_not_asked() -> None:
    """A NUL would end the password, more than 72 bytes be cut, and another kind of salt be another algorithm."""
    library = Answering(b"never")
    fast = SystemBcrypt(library.found)

    assert fast.hashpw(b"pass\0word", SALT) == bcrypt.hashpw(b"pass\0word", SALT)
    assert fast.hashpw(b"password", b"$2x" + SALT[3:]) == bcrypt.hashpw(b"password", b"$2x" + SALT[3:])
    for salt in (b"", b"*0", b"$1$salt$", b"$y$j9T$salt", SALT[:-1] + b"z", SALT[:4] + b"03" + SALT[6:]):
        with pytest.raises(ValueError, match="salt"):
            fast.hashpw(b"password", salt)
    with pytest.raises(ValueError, match="72"):
        fast.hashpw(b"x" * 73, SALT)
    assert library.asked == 0


@pytest.mark.parametrize("answer", [None, b"", b"*0", b"*1", SALT, b"$2a" + b"x" * 57, b"x" * 60])
def test_a_failure_of_libxcrypt_is_no_hash(answer: bytes | None) -> None:
    """Where libxcrypt says that it failed, or says nonsense, the `bcrypt` package hashes."""
    library = Answering(answer)

    made = SystemBcrypt(library.found).hashpw(b"password", SALT)

    assert made == bcrypt.hashpw(b"password", SALT)
    assert library.asked == 1


def test_a_library_that_hashes_wrongly_is_not_used() -> None:
    """One is used only if it knows two hashes, one of them of 72 bytes above 127."""
    lost_high_bits: dict[str, libxcrypt.Crypt] = {
        "wrong": Answering(b"x" * 60),
        "failing": Answering(None),
        "of seven bits": lambda password, salt: bcrypt.hashpw(bytes(byte & 127 for byte in password), salt),
        "of 71 bytes": lambda password, salt: bcrypt.hashpw(password[:71], salt),
        "right": bcrypt.hashpw,
    }

    found = first_right(lost_high_bits, lost_high_bits.get)

    assert found is not None
    assert found.name == "right"
    assert first_right(["wrong", "failing", "missing"], lost_high_bits.get) is None


@pytest.mark.parametrize("name", ["libnothing-of-this-name.so.1", "libc.so.6"])
def test_no_library_is_no_fault(name: str) -> None:
    """A machine without the library, or with one that has no `crypt_rn`, goes on with the package."""
    assert load(name) is None


def test_threads_share_nothing() -> None:
    """Many threads at once make each its own hash."""
    words = [f"password {number}".encode() for number in range(8)]
    made: dict[bytes, set[bytes]] = {word: set() for word in words}

    def hash_it(word: bytes) -> None:
        made[word] = {FAST.hashpw(word, SALT) for _ in range(40)}

    threads = [threading.Thread(target=hash_it, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == {word: {bcrypt.hashpw(word, SALT)} for word in words}


@pytest.fixture
def patient_threads() -> Iterator[None]:
    """No thread takes the interpreter's lock from another that does not let it go by itself."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(60)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("patient_threads")
def test_other_threads_go_on_meanwhile() -> None:
    """While it hashes another thread runs: the interpreter's lock is let go, so hashing uses every core."""
    steps: list[str] = []

    def hash_it() -> None:
        steps.append("begins")
        FAST.hashpw(b"password", b"$2b$13" + SALT[6:])
        steps.append("ends")

    thread = threading.Thread(target=hash_it)
    thread.start()
    while not steps:
        time.sleep(0)
    steps.append("another goes on")
    thread.join()

    assert steps == ["begins", "another goes on", "ends"]
