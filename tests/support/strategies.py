"""What people may type: addresses, passwords, names and texts, far beyond ASCII."""

from __future__ import annotations

import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email
from hypothesis import strategies as st

from wicketgate.core.quality import folded, made_of, predictable
from wicketgate.guesses.common import ShippedList
from wicketgate.settings import Settings

_ATOM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"
_LABELS = st.from_regex(r"[a-zA-Z]([a-zA-Z0-9]{0,12}[a-zA-Z0-9])?", fullmatch=True)
_FOREIGN = (
    "bücher.example.net",
    "xn--bcher-kva.example.net",
    "Straße.DE",
    "пример.com",
    "例子.com",
    "例え.テスト",
    "παράδειγμα.gr",
    "ÉCOLE.example.org",
    "مثال.com",
)
DOMAINS = st.one_of(
    st.just("example.com"),
    st.sampled_from(_FOREIGN),
    st.builds(
        lambda labels, top: ".".join([*labels, top]),
        st.lists(_LABELS, min_size=1, max_size=3),
        st.sampled_from(["com", "ORG", "co.uk", "dev"]),
    ),
)
LOCALS = st.one_of(
    st.lists(st.text(_ATOM, min_size=1, max_size=10), min_size=1, max_size=3).map(".".join),
    st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=20),
)


def is_address(text: str) -> bool:
    """Whether the library takes it for an address."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def normal_form(address: str) -> str:
    """A valid address as it is compared and stored."""
    return validate_email(address, check_deliverability=False).normalized.lower()


def addresses() -> st.SearchStrategy[str]:
    """Addresses that are valid with a number in front, too."""
    return st.builds(lambda local, domain: f"{local}@{domain}", LOCALS, DOMAINS).filter(
        lambda a: is_address(f"u1.{a}")
    )


def as_typed(address: str) -> st.SearchStrategy[str]:
    """The same address as another day's typing would have it."""
    return st.sampled_from([address, f"  {address} ", f"\t{address}\n", unicodedata.normalize("NFD", address)])


ANY_TEXT = st.characters(exclude_categories=["Cs"])
_PASSWORD_PARTS = st.text(ANY_TEXT, min_size=8, max_size=128)
_LONG = st.builds(
    lambda filler, ending: filler * (120 // len(filler)) + ending,
    st.text(ANY_TEXT, min_size=1, max_size=3),
    st.text(ANY_TEXT, min_size=1, max_size=8),
)
_WITH_NUL = st.builds(
    lambda before, after: f"{before}\0{after}",
    st.text(ANY_TEXT, min_size=4, max_size=30),
    st.text(ANY_TEXT, min_size=4, max_size=30),
)
_SPACED = st.text("ab 1\t", min_size=8, max_size=20)


def acceptable(password: str) -> bool:
    """Whether the rules let it be chosen: most texts are, but Hypothesis likes `00000000`."""
    long_enough = 8 <= len(unicodedata.normalize("NFKC", password)) <= 128
    common = ShippedList().include(folded(password)) or made_of(Settings().product_name, password)
    return long_enough and not predictable(password) and not common


PASSWORDS = st.one_of(_PASSWORD_PARTS, _LONG, _WITH_NUL, _SPACED).filter(acceptable)


@st.composite
def wrong_passwords(draw: st.DrawFn, right: str) -> str:
    """Passwords that are not the right one, most of them nearly."""
    changed = draw(
        st.sampled_from(
            [
                right + "x",
                right[:-1],
                right[1:],
                f" {right}",
                right.split("\0")[0],
                right.encode()[:72].decode(errors="ignore"),
                right.swapcase(),
                right[:-1] + chr(ord(right[-1]) ^ 1),
                right * 2,
            ]
        )
        | st.text(ANY_TEXT, min_size=1, max_size=200)
    )
    same = unicodedata.normalize("NFKC", changed) == unicodedata.normalize("NFKC", right)
    usable = changed and not same and not any("\ud800" <= letter <= "\udfff" for letter in changed)
    return changed if usable else f"{right}!"


_TRICKY = st.sampled_from(
    [
        *"\0\t\n\r\x1b\x7f\x85\u202e\u202a\u2066\u2069\u200b\u200d\ufeff\u2028 <>&\"'`{}$;-",
        "\r\n",
        "é",
        "e\u0301",
        "Å",
        "🙂",
        "👩‍👩‍👧",
        "عربى",
    ]
)


def free_text(max_size: int) -> st.SearchStrategy[str]:
    """Any text, thick with what has to be cleaned."""
    return st.lists(_TRICKY | ANY_TEXT, max_size=max_size).map("".join)


_CLEANED_AWAY = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def clean(text: str, kept: str = "") -> str:
    """The contract's cleaning, letter by letter and slowly. Control characters in `kept` stay."""
    if "\n" in kept:
        text = text.replace("\r\n", "\n")
    letters = [" " if letter == "\t" else letter for letter in text]
    seen = [
        letter
        for letter in letters
        if letter in kept or not (unicodedata.category(letter) == "Cc" or letter in _CLEANED_AWAY)
    ]
    cleaned = unicodedata.normalize("NFC", "".join(seen))
    while cleaned and (cleaned[0].isspace() or cleaned[0] == "\ufeff"):
        cleaned = cleaned[1:]
    while cleaned and (cleaned[-1].isspace() or cleaned[-1] == "\ufeff"):
        cleaned = cleaned[:-1]
    return cleaned


NAMES = free_text(60).filter(lambda text: 1 <= len(clean(text)) <= 100)
BIOS = free_text(200).filter(lambda text: len(clean(text, "\n")) <= 500)

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(ANY_TEXT, max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(ANY_TEXT, max_size=5), inner, max_size=3),
    max_leaves=6,
)
