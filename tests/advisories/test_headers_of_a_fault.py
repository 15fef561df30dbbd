"""A fault has the headers of every answer.

The 500 for an error that nobody caught was made outside of the layer that adds the security headers. Had a bug in
the layers between let a visitor's text into such an answer, or a page been shown in a frame because of it, nothing in
the browser would have stood in the way; and whoever reported the fault had no request id to name.
"""

from __future__ import annotations

import pytest

from tests.support.service import Service
from wicketgate.web.middleware.client import Client


@pytest.mark.parametrize("production", [False, True])
async def test_the_outermost_fault_carries_them(monkeypatch: pytest.MonkeyPatch, production: bool) -> None:
    """When a layer outside of the dispatcher fails, the answer has all headers that any other answer has."""
    service = Service(environment="production" if production else "development")
    sound = await service.caller(base_url="https://service.example").get("/healthz")

    async def broken(self: Client, *asgi: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Client, "__call__", broken)
    answer = await service.caller(base_url="https://service.example").get("/healthz")

    assert answer.status_code == 500
    assert set(answer.headers) == set(sound.headers)
    varying = {"content-length", "x-request-id"}
    assert [(name, value) for name, value in sound.headers.items() if name not in varying] == [
        (name, value) for name, value in answer.headers.items() if name not in varying
    ]
    (line,) = service.events("fault")
    assert line["id"] == answer.headers["x-request-id"]
