"""Every reader of bytes that somebody else wrote, by name."""

from __future__ import annotations

from tests.fuzz.kit import Target
from tests.fuzz.targets import bodies, dynamodb, files, headers, imported, servers, service, tokens

TARGETS: dict[str, Target] = {
    name.replace("_", " "): target
    for part in (tokens, headers, bodies, service, dynamodb, servers, files, imported)
    for name, target in part.TARGETS.items()
}
