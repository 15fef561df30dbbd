"""A post office that keeps what it is given."""

from __future__ import annotations

from wicketgate.core.errors import MailRefused
from wicketgate.core.ports import Letter


class PostBox:
    """Who carries the mail in tests. `fault` is raised instead while it is set; `deferred` are refused for now."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.fault: Exception | None = None
        self.deferred: set[str] = set()

    async def send(self, letter: Letter) -> None:
        """Keeps the letter."""
        if self.fault is not None:
            raise self.fault
        if letter.to in self.deferred:
            raise MailRefused("451 4.7.1 try again later")
        self.letters.append(letter)

    def last(self, to: str, template: str | None = None) -> Letter:
        """The newest letter to an address, of one template if that is said."""
        found = [letter for letter in self.letters if letter.to == to and template in (None, letter.template)]
        assert found, f"no letter to {to}"
        return found[-1]

    def token(self, to: str, template: str | None = None) -> str:
        """What stands after `#` in the link of the newest letter."""
        return self.last(to, template).values["link"].partition("#")[2]
