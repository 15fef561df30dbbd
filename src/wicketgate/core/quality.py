"""The rules for a password that is to open an account from now on. None of them applies to one that is only tried.

NIST SP 800-63B-4, 3.1.1.2: a new password is compared, whole, with those that are commonly used, expected or known
from breaches, and no mixture of kinds of characters is asked for.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.core.ports import Breaches, CommonPasswords

TOO_COMMON: Final = "This password is too common: it is among the first that attackers try"
TOO_CLOSE: Final = "This password is too easy to guess: it is your address or the name of this service"
BREACHED: Final = "This password has appeared in a data breach; please choose another one"

_UNIT: Final = 3
"""Up to so many characters that are only repeated make no password."""

_ENDING: Final = 4
"""So many characters, such as a year, behind a word that is expected do not make it unexpected."""


class PasswordQuality(NamedTuple):
    """What is asked of a new password. None where nobody looks at what is common, or at breaches."""

    letter_and_digit: bool = False
    common: CommonPasswords | None = None
    product_name: str = ""
    breaches: Breaches | None = None

    def rule(self, value: str) -> str:
        """The rule for the field `password`: the password in NFKC. Raises InvalidInput."""
        password = fields.new_password(value, letter_and_digit=self.letter_and_digit)
        if self.common is not None and (predictable(password) or self.common.include(folded(password))):
            raise _refused(TOO_COMMON)
        return password

    def refuse_expected(self, password: str, email: str) -> None:
        """Raises InvalidInput for what everybody would try with this address and at this service."""
        expected = (email, email.rpartition("@")[0], self.product_name)
        if self.common is not None and any(made_of(word, password) for word in expected):
            raise _refused(TOO_CLOSE)

    async def refuse_known(self, password: str, email: str) -> None:
        """As `refuse_expected`, and asks about breaches, which may take a second: only once limits were spent."""
        self.refuse_expected(password, email)
        if self.breaches is not None and await self.breaches.include(password):
            raise _refused(BREACHED)


def folded(password: str) -> str:
    """A password as lists of them spell it: in NFKC, without upper case."""
    return fields.normal_password(password).casefold()


def predictable(password: str) -> bool:
    """Whether it only counts up or down, or repeats up to three characters: `12345678`, `zyxwvuts`, `abababab`."""
    letters = folded(password)
    steps = {ord(after) - ord(before) for before, after in pairwise(letters)}
    return steps in ({1}, {-1}) or any(letters[unit:] == letters[:-unit] for unit in range(1, _UNIT + 1))


def made_of(word: str, password: str) -> bool:
    """Whether a password is a word, with up to four characters more: marks anywhere, digits at the end."""
    core, letters = _plain(word), _plain(password)
    ending = letters[len(core) :]
    close = len(password) <= len(folded(word)) + _ENDING
    return bool(core) and letters.startswith(core) and close and (not ending or ending.isdigit())


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))


def _refused(message: str) -> InvalidInput:
    return InvalidInput(Problem(message, "password"))
