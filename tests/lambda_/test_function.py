"""The function as Lambda calls it, in this process."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiodynamo.credentials import Key, StaticCredentials

from tests.lambda_.events import BOTH, Event, Visitor, body_of, by_api, by_url, lives_a_life
from tests.support.dynamodb_local import (
    REGION,
    dynamodb_store,
    endpoint_environment,
    fresh_dynamodb_store,
    random_table,
)
from tests.support.embedded import FailingStore
from tests.support.faulty import FaultyStore
from tests.support.service import JWT_SECRET, some_settings
from wicketgate import Wicketgate, aws_lambda
from wicketgate.aws_lambda.events import UnknownEvent
from wicketgate.aws_lambda.function import Function
from wicketgate.core.errors import ConfigurationError, StoreMisconfigured
from wicketgate.core.ports import Store
from wicketgate.logs import Line
from wicketgate.stores.dynamodb import DynamoDBStore, calls
from wicketgate.stores.memory import MemoryStore

Made = Callable[..., Function]


@pytest.fixture
def lines() -> list[Line]:
    """What was logged."""
    return []


@pytest.fixture
def function(lines: list[Line]) -> Iterator[Made]:
    """Makes functions in production, and closes them."""
    made: list[Function] = []

    def make(store: Store | None = None, **settings: Any) -> Function:
        chosen = some_settings(**{"environment": "production", **settings})
        app = Wicketgate(chosen, store=store or MemoryStore(), write_log=lines.append)
        made.append(Function(app))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("kind", BOTH)
def test_a_life_in_memory(function: Made, kind: Callable[..., Event]) -> None:
    """Everything that a user does works through events of both kinds."""
    lives_a_life(Visitor(function(), kind), "ada@example.com")


@pytest.mark.parametrize("kind", BOTH)
def test_a_life_on_dynamodb(function: Made, kind: Callable[..., Event], dynamodb_local: str) -> None:
    """The same on a table."""
    store = asyncio.run(fresh_dynamodb_store(dynamodb_local))
    made = function(store)
    made.start()

    lives_a_life(Visitor(made, kind), "ada@example.com")


def test_a_life_below_a_stage(function: Made) -> None:
    """An API whose stage has a name serves the same below it."""
    visitor = Visitor(function(), lambda path, **more: by_api(f"/prod{path}", stage="prod", **more))

    lives_a_life(visitor, "ada@example.com")


def test_pages_and_files_are_served(function: Made) -> None:
    """The pages are there, and a packed file arrives as packed."""
    made = function()

    page = made(by_url("/login"))
    plain = made(by_url("/docs.css"))
    packed = made(by_url("/docs.css", headers={"accept-encoding": "gzip, br"}))
    head = made(by_url("/docs.css", method="HEAD"))

    assert page["statusCode"] == 200
    assert page["headers"]["content-type"] == "text/html; charset=utf-8"
    assert not plain["isBase64Encoded"]
    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(body_of(packed)) == body_of(plain)
    assert (head["statusCode"], head["body"]) == (200, "")


def test_a_body_in_base64_is_read(function: Made) -> None:
    """A JSON body that AWS took for binary is one all the same."""
    event = by_api("/api/auth/login", method="POST", headers={"content-type": "application/json"})
    event |= {"body": "e30=", "isBase64Encoded": True}

    result = function()(event)

    assert result["statusCode"] == 400
    assert json.loads(result["body"])["errors"] == {"email": "Email is required", "password": "Password is required"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"path": "/nowhere"}, 404),
        ({"path": "/api/profile", "method": "PATCH"}, 405),
        ({"path": "/api/auth/login", "method": "POST", "headers": {"sec-fetch-site": "cross-site"}}, 403),
        ({"path": "/api/auth/login", "method": "POST", "body": "x" * 70_000}, 413),
        ({"path": "/api/auth/login", "method": "POST", "body": "{}"}, 415),
        ({"path": "/api/profile"}, 401),
    ],
)
def test_errors_are_answers(function: Made, changes: dict[str, Any], status: int) -> None:
    """What the service refuses is an answer with a status, in JSON."""
    result = function()(by_url(**changes))

    assert result["statusCode"] == status
    assert json.loads(result["body"])["success"] is False


def test_the_clients_address_counts(function: Made, lines: list[Line]) -> None:
    """Limits are by the address that AWS saw, whatever the client says."""
    made = function(rate_limit_max_requests=2)

    def attempt(source: str, claimed: str) -> int:
        body = json.dumps({"email": "ada@example.com", "password": "wrong password"})
        headers = {"content-type": "application/json", "x-forwarded-for": claimed}
        event = by_url("/api/auth/login", method="POST", source=source, headers=headers, body=body)
        return int(made(event)["statusCode"])

    statuses = [attempt("203.0.113.1", f"198.51.100.{number}") for number in range(3)]

    assert statuses == [401, 401, 429]
    assert attempt("203.0.113.2", "198.51.100.1") == 401


@pytest.mark.parametrize(
    ("kind", "source"),
    [(by_api, "198.51.100.0/24"), (by_url, "130.176.0.0/24")],
)
def test_proxies_are_believed_as_far_as_aws_lets_them(
    function: Made, lines: list[Line], kind: Callable[..., Event], source: str
) -> None:
    """CloudFront before an API is looked through; before a function URL all visitors are CloudFront."""
    made = function(trusted_proxies=("130.176.0.0/16",))
    headers = {"x-forwarded-for": "192.0.2.1, 198.51.100.9, 130.176.0.5", "content-type": "application/json"}
    body = json.dumps({"email": "ada@example.com", "password": "wrong password"})

    made(kind("/api/auth/login", method="POST", source="130.176.0.5", headers=headers, body=body))

    assert next(line["source"] for line in lines if line["event"] == "login_failed") == source


def test_requests_are_logged_by_the_id_of_aws(function: Made, lines: list[Line]) -> None:
    """Our line and the answer carry the id that API Gateway's own log has."""
    result = function()(by_api("/healthz"))

    assert lines[-1]["id"] == result["headers"]["x-request-id"] == "JKJaXmPLvHcESHA"


def test_another_event_is_an_error(function: Made) -> None:
    """A test event of the console fails, and the next request is served."""
    made = function()

    with pytest.raises(UnknownEvent):
        made({"key1": "value1"})
    assert made(by_url("/healthz"))["statusCode"] == 200


def test_it_starts_once(function: Made) -> None:
    """The store is checked at the start and not with each event."""
    store = FaultyStore(MemoryStore())
    made = function(store)

    made.start()
    for _ in range(3):
        made(by_url("/healthz"))

    assert store.calls == ["check"]


def test_a_fault_is_an_answer(function: Made, lines: list[Line]) -> None:
    """What nobody foresaw is 500, tells nothing, and is logged."""
    result = function(FaultyStore(MemoryStore(), "ping"))(by_url("/readyz"))

    assert result["statusCode"] == 500
    assert json.loads(result["body"]) == {"success": False, "error": "An error occurred, please try again"}
    assert lines[-1]["event"] == "fault"


def test_a_store_that_is_wrong_is_asked_again(function: Made, lines: list[Line], dynamodb_local: str) -> None:
    """While its table is missing a function says 503 and why; once it is there the function serves."""
    table = random_table()
    made = function(dynamodb_store(dynamodb_local, table))
    made.start()

    before = made(by_url("/api/profile"))

    assert before["statusCode"] == 503
    assert before["headers"]["retry-after"] == "5"
    assert table not in before["body"]
    told = [line["message"] for line in lines if line["event"] == "fault"]
    assert len(told) == 2
    assert "does not exist" in told[0]
    asyncio.run(_make_table(dynamodb_local, table))
    assert made(by_url("/api/profile"))["statusCode"] == 401


def test_a_start_that_breaks_is_tried_again(function: Made, lines: list[Line]) -> None:
    """What nobody foresaw at the start is 503 and is logged, and ends no process."""
    store = FaultyStore(MemoryStore(), "check")
    made = function(store)
    made.start()

    assert made(by_url("/healthz"))["statusCode"] == 503
    assert [line["kind"] for line in lines if line["event"] == "fault"] == ["Broken", "Broken"]
    store.failing.clear()
    assert made(by_url("/healthz"))["statusCode"] == 200


async def _make_table(endpoint: str, table: str) -> None:
    store = dynamodb_store(endpoint, table)
    await store.create_table()
    await store.close()


def test_a_store_that_is_away_is_no_reason_not_to_start(function: Made, lines: list[Line]) -> None:
    """A store that does not answer now may do so at the next event."""
    store = dynamodb_store("http://127.0.0.1:9", "users-test")
    made = function(store)

    made.start()

    assert lines[-1]["event"] == "store_unavailable"
    assert made(by_url("/readyz"))["statusCode"] == 503
    assert made(by_url("/healthz"))["statusCode"] == 200


def test_a_store_that_hangs_up_is_noticed(function: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that DynamoDB closed while the function was frozen costs no attempt, of which there is one here.

    Of an attempt that failed nobody could say whether what it wrote was written.
    """
    monkeypatch.setattr(calls, "pauses", lambda: iter(()))
    with HangingUp() as server:
        key = StaticCredentials(Key("test", "test"))
        store = DynamoDBStore("users-test", REGION, server.endpoint, credentials=lambda: key)
        made = function(UncheckedStore(store))
        assert made(by_url("/readyz"))["statusCode"] == 200
        server.hang_up()

        result = made(by_url("/readyz"))

        assert result["statusCode"] == 200


class UncheckedStore(FaultyStore):
    """A store that is taken for what it should be."""

    async def check(self) -> None:
        return


class HangingUp:
    """A server that answers one request on each connection, and hangs up when it is told to."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._told = threading.Event()
        self._hung_up = threading.Event()

    def __enter__(self) -> HangingUp:
        self._start(self._accept)
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def hang_up(self) -> None:
        """Ends our side of the first connection, and of later ones as soon as they have their answer."""
        self._told.set()
        assert self._hung_up.wait(30)

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        self._threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            self._told.wait(30)
        self._hung_up.set()


def test_closing_lets_go(function: Made) -> None:
    """A closed function has closed its store, and closing it again is no error."""
    store = FailingStore()
    made = function(store)
    made.start()

    made.close()
    made.close()

    assert store.closed == 1


def test_closing_waits_for_nobody(function: Made) -> None:
    """A store that does not let go holds nothing up: Lambda would kill us before long."""

    class Sticky(MemoryStore):
        async def close(self) -> None:
            await asyncio.sleep(60)

    made = function(Sticky())
    made.start()
    began = time.monotonic()

    made.close()

    assert time.monotonic() - began < 30


@pytest.fixture
def settings_of_a_function(monkeypatch: pytest.MonkeyPatch, dynamodb_local: str) -> Iterator[None]:
    """The environment of a function, and what getting its handler changes, put back."""
    table = random_table()
    asyncio.run(_make_table(dynamodb_local, table))
    for name, value in endpoint_environment(dynamodb_local, table).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JWT_SECRET", JWT_SECRET)
    monkeypatch.setenv("BCRYPT_COST", "4")
    monkeypatch.setenv("ENVIRONMENT", "production")
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)
    made = vars(aws_lambda).pop("handler", None)
    if made is not None:
        made.close()


def test_the_handler_is_made_once(settings_of_a_function: None, capfd: pytest.CaptureFixture[str]) -> None:
    """Lambda finds a function that has started, the same each time, which logs JSON lines."""
    handler = aws_lambda.handler

    assert aws_lambda.handler is handler
    assert handler(by_url("/readyz"))["statusCode"] == 200
    logged = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line["route"] for line in logged if line["event"] == "request"] == ["/readyz"]
    assert signal.getsignal(signal.SIGTERM) == handler._end


def test_what_a_start_makes_is_never_looked_through_again(settings_of_a_function: None) -> None:
    """The garbage collector rests during a start, leaves alone what that made, and goes on."""
    gc.unfreeze()

    _ = aws_lambda.handler

    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()


def test_a_handler_made_in_a_thread_leaves_signals_alone(settings_of_a_function: None) -> None:
    """Only the main thread may ask for signals."""
    before = signal.getsignal(signal.SIGTERM)
    made: list[Function] = []

    thread = threading.Thread(target=lambda: made.append(aws_lambda.create()))
    thread.start()
    thread.join()

    assert made[0](by_url("/healthz"))["statusCode"] == 200
    assert signal.getsignal(signal.SIGTERM) == before
    made[0].close()


def test_a_function_needs_a_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Without the table's name nothing would be kept, so a function refuses to start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DYNAMODB_TABLE_NAME", raising=False)
    monkeypatch.setenv("JWT_SECRET", JWT_SECRET)

    with pytest.raises(ConfigurationError, match="DYNAMODB_TABLE_NAME is not set"):
        _ = aws_lambda.handler
    assert gc.isenabled()
    gc.unfreeze()


def test_there_is_nothing_else() -> None:
    """Another name is an ordinary error."""
    with pytest.raises(AttributeError, match="handle"):
        _ = aws_lambda.handle


def test_misconfiguration_after_the_start_is_an_answer(function: Made) -> None:
    """Rights that are taken away later make 503 and no fault."""

    async def refuses(method: str) -> None:
        raise StoreMisconfigured("no rights")

    made = function(FaultyStore(MemoryStore(), "ping", outcome=refuses))
    made.start()

    assert made(by_url("/readyz"))["statusCode"] == 503
