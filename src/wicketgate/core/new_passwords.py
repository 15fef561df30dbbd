"""Choosing a password, wherever that is done: at sign-up, by a reset, by a change, on the command line."""

from __future__ import annotations

from wicketgate.core.ports import PasswordHasher
from wicketgate.core.quality import PasswordQuality


class NewPasswords:
    """Checks and hashes the passwords that people choose."""

    def __init__(self, hasher: PasswordHasher, quality: PasswordQuality) -> None:
        self._hasher = hasher
        self._quality = quality

    def cleaned(self, value: str) -> str:
        """The password as it is hashed. Raises InvalidInput with the field `password`."""
        return self._quality.rule(value)

    def refuse_expected(self, password: str, email: str) -> None:
        """Raises InvalidInput for a cleaned password that the address, or the name of the service, gives away."""
        self._quality.refuse_expected(password, email)

    async def hash(self, password: str, email: str) -> str:
        """The hash at today's cost of a cleaned password for the account of an address.

        Raises InvalidInput for one that is known elsewhere, which may take a second to learn, and HashingBusy.
        """
        await self._quality.refuse_known(password, email)
        return await self._hasher.hash(password)
