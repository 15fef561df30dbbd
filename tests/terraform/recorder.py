"""Which rights calls to DynamoDB need, noted on the wire in front of DynamoDB Local, or by the store's own meter."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from wicketgate.stores.dynamodb.capacity import Meter

# "Using IAM with DynamoDB transactions" in the DynamoDB Developer Guide: each part needs the right to do it alone.
_PARTS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Get": "dynamodb:GetItem",
}


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """An action on a table, or on an index of it."""

    action: str
    table: str
    index: str = ""


@dataclass
class Recorder:
    """What was called since it was last asked."""

    endpoint: str = ""
    rights: set[Right] = field(default_factory=set)

    def taken(self) -> set[Right]:
        """The rights noted so far, which it then forgets."""
        rights, self.rights = self.rights, set()
        return rights


def rights_of(action: str, body: Mapping[str, Any]) -> set[Right]:
    """The rights that one call needs."""
    if action in ("TransactWriteItems", "TransactGetItems"):
        parts = [(kind, part) for item in body["TransactItems"] for kind, part in item.items()]
        return {Right(_PARTS[kind], part["TableName"]) for kind, part in parts}
    if action in ("BatchGetItem", "BatchWriteItem"):
        return {Right(f"dynamodb:{action}", table) for table in body["RequestItems"]}
    return {Right(f"dynamodb:{action}", body["TableName"], body.get("IndexName", ""))}


@contextmanager
def recorder_before(upstream: str) -> Iterator[Recorder]:
    """A recorder that passes everything on to the endpoint `upstream`."""
    recorder = Recorder()

    class Handler(_Forwarding):
        to = urlsplit(upstream).netloc
        note = staticmethod(lambda action, body: recorder.rights.update(rights_of(action, body)))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorder.endpoint = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()


class RightsMeter(Meter):
    """A meter that notes the rights of all calls, and no units."""

    def __init__(self) -> None:
        super().__init__()
        self.rights: set[Right] = set()

    def asking(self, action: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """What to send: nothing else than without a meter."""
        self.rights |= rights_of(action, payload)
        return payload

    def note(self, action: str, answer: Mapping[str, Any]) -> None:
        """An answer needs no right."""


class _Forwarding(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # the answer in one piece: in two, the second waits 40 ms for the first to be acknowledged
    to: str
    note: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.note(self.headers["X-Amz-Target"].rpartition(".")[2], json.loads(body))
        upstream = http.client.HTTPConnection(self.to, timeout=30)
        try:
            upstream.request("POST", "/", body, dict(self.headers))
            answer = upstream.getresponse()
            said = answer.read()
        finally:
            upstream.close()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""
