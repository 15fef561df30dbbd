"""A service without a way to send mail."""

from __future__ import annotations

import pytest

from wicketgate.core.errors import GivenUp
from wicketgate.core.ports import Letter
from wicketgate.mail.nobody import Nobody


async def test_no_letter_is_tried_twice() -> None:
    """Whoever is asked to write where nobody can gives the letter up, and says why."""
    with pytest.raises(GivenUp, match="no way to send mail"):
        await Nobody().send(Letter("ada@example.com", "reset_password", {}))
