"""Example values for the OpenAPI document. No token here was ever good for anything."""

from __future__ import annotations

from typing import Any, Final

USER: Final[dict[str, Any]] = {
    "id": "7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e",
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "bio": "I write programs.",
    "plan": "free",
    "createdAt": "2030-01-31T12:00:00.000Z",
    "lastModified": "2030-01-31T12:00:00.000Z",
}
API_TOKEN: Final = "wg_QUJDREVGR0gAAAAB-example"  # noqa: S105
LINK_TOKEN: Final = "WW91IGFyZSBjdXJpb3Vz.7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e"  # noqa: S105
SESSION_TOKEN: Final = "eyJhbGciOiJIUzI1NiIs.eyJzdWIiOi.c2lnbmF0dXJl"  # noqa: S105
