"""What is generated and committed is what would be generated now."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.service import some_settings
from wicketgate import Wicketgate
from wicketgate.stores.memory import MemoryStore

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


def test_the_openapi_document_has_not_drifted() -> None:
    """The committed document is that of a service with everything turned on; `make openapi` writes it anew."""
    everything = some_settings(email_verification="optional", session_list=True)
    served = Wicketgate(everything, store=MemoryStore()).openapi()

    assert json.loads(REFERENCE.read_text()) == served
