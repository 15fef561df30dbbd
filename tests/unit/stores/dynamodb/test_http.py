"""The HTTP under the DynamoDB client, against servers that behave and servers that do not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiodynamo.http.types import Request, RequestFailed, Response
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.certificates import certificate
from wicketgate.stores.dynamodb import http
from wicketgate.stores.dynamodb.http import Transport, target

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server whose every connection acts as the test says. `heard` holds the requests' heads and bodies."""

    def __init__(self) -> None:
        self.url = ""
        self.connections = 0
        self.heard: list[bytes] = []

    async def read(self, reader: asyncio.StreamReader) -> None:
        """One request."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        self.heard.append(head + await reader.readexactly(length))


@asynccontextmanager
async def serving(*parts: bytes, act: Act | None = None) -> AsyncIterator[Server]:
    """A server that answers every request with these parts, each sent by itself; or one that acts otherwise."""
    server = Server()

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            while True:
                await server.read(reader)
                if act is not None:
                    await act(reader, writer)
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(answers, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    try:
        yield server
    finally:
        listening.close()


@asynccontextmanager
async def transport() -> AsyncIterator[Transport]:
    """A transport that is closed again."""
    made = Transport()
    try:
        yield made
    finally:
        made.close()
        await asyncio.sleep(0)


def post(url: str, body: bytes = b"{}") -> Request:
    """A request as aiodynamo makes one."""
    return Request("POST", url, {"X-Amz-Target": "DynamoDB.GetItem", "Host": "signed.example"}, body)


async def test_a_request_is_written_as_http_1_1() -> None:
    """Method, path with query, the URL's own host, length, the given headers and the body arrive."""
    async with serving(OK) as server, transport() as send:
        answer = await send(post(f"{server.url}path?a=b"))

    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert answer == Response(200, b"{}")
    assert lines[0] == "POST /path?a=b HTTP/1.1"
    assert f"Host: {server.url.removeprefix('http://').rstrip('/')}" in lines
    assert "X-Amz-Target: DynamoDB.GetItem" in lines
    assert "Content-Length: 2" in lines
    assert sum(line.lower().startswith("host:") for line in lines) == 1
    assert body == b"{}"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://dynamodb.eu-central-1.amazonaws.com/", "dynamodb.eu-central-1.amazonaws.com"),
        ("http://localhost:8000/", "localhost:8000"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("http://169.254.169.254/latest", "169.254.169.254"),
    ],
)
def test_the_host_is_spelled_as_it_is_signed(url: str, host: str) -> None:
    """A scheme's own port is left out, another is kept, an IPv6 address has brackets."""
    written = http._written(post(url))

    assert f"\r\nHost: {host}\r\n".encode() in written


async def test_any_status_is_an_answer() -> None:
    """An error of the service is an answer with its body, not a fault of the connection."""
    async with serving(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nwrong") as server, transport() as send:
        answer = await send(post(server.url))

    assert answer == Response(400, b"wrong")


@settings(max_examples=40, deadline=None)
@given(cuts=st.sets(st.integers(1, 69), max_size=6), chunked=st.booleans())
def test_an_answer_may_come_in_any_pieces(cuts: set[int], chunked: bool) -> None:
    """Wherever an answer is cut, with a length or in chunks, the same body is read."""
    whole = (
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n'
        if chunked
        else b'HTTP/1.1 200 OK\r\nServer: someone\r\nContent-Length: 7\r\n\r\n{"a":1}'
    )
    ends = [*sorted(cut for cut in cuts if cut < len(whole)), len(whole)]
    parts = [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    async def ask() -> Response:
        async with serving(*parts) as server, transport() as send:
            return await send(post(server.url))

    assert asyncio.run(ask()) == Response(200, b'{"a":1}')


async def test_a_connection_is_kept_for_the_next_request() -> None:
    """Requests one after the other share a connection; several at once have one each."""
    async with serving(OK) as server, transport() as send:
        for _ in range(3):
            await send(post(server.url))
        alone = server.connections
        await asyncio.gather(*(send(post(server.url)) for _ in range(5)))

    assert alone == 1
    assert server.connections <= 6


async def test_a_connection_that_the_server_ends_is_not_kept() -> None:
    """After `Connection: close`, and after the server has hung up, the next request has a new connection."""
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        await writer.drain()
        writer.close()

    async with serving(closing) as polite, serving(act=hang_up) as rude, transport() as send:
        for server in (polite, rude):
            await send(post(server.url))
            await asyncio.sleep(0.05)
            await send(post(server.url))

        assert polite.connections == rude.connections == 2


async def test_a_connection_grows_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was idle for longer than servers keep theirs is not used again."""
    async with serving(OK) as server, transport() as send:
        await send(post(server.url))
        monkeypatch.setattr(http, "IDLE_SECONDS", 0.0)
        await send(post(server.url))

        assert server.connections == 2


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["nothing", "half a body", "half a chunk", "another protocol", "no length"],
)
async def test_an_answer_that_is_none_is_a_failed_request(said: bytes) -> None:
    """A server that hangs up before the end, or speaks something else, fails the request."""

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    async with serving(act=say) as server, transport() as send:
        with pytest.raises(RequestFailed):
            await send(post(server.url))
        with pytest.raises(RequestFailed):
            await send(post(server.url))

        assert server.connections == 2


async def test_nobody_there_is_a_failed_request() -> None:
    """A port that nobody listens on fails at once."""
    async with serving(OK) as server:
        url = server.url

    async with transport() as send:
        with pytest.raises(RequestFailed):
            await send(post(url))


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer in time is a TimeoutError, and a late one is not taken for that of the next request."""
    monkeypatch.setattr(http, "READ_SECONDS", 0.05)
    late = asyncio.Event()

    async def wait(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not late.is_set():
            await late.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
        else:
            writer.write(OK)

    async with serving(act=wait) as server, transport() as send:
        with pytest.raises(TimeoutError):
            await send(post(server.url))
        late.set()
        monkeypatch.setattr(http, "READ_SECONDS", 5.0)

        assert await send(post(server.url)) == Response(200, b"{}")


async def test_each_request_has_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is used again and again gives each request as long as the first, and idles without harm."""
    monkeypatch.setattr(http, "READ_SECONDS", 0.4)

    async def slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.25)
        writer.write(OK)

    async with serving(act=slowly) as server, transport() as send:
        for _ in range(3):
            assert await send(post(server.url)) == Response(200, b"{}")
        await asyncio.sleep(0.5)
        assert await send(post(server.url)) == Response(200, b"{}")

        assert server.connections == 1


async def test_a_later_request_is_given_up_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a connection that has answered before, an answer that does not come is a TimeoutError in time."""
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    asked = 0

    async def once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            await asyncio.sleep(0.15)
            writer.write(OK)

    async with serving(act=once) as server, transport() as send:
        await send(post(server.url))
        began = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            await send(post(server.url))

        assert 0.15 < asyncio.get_running_loop().time() - began < 2


async def test_a_request_has_no_more_than_its_own_time() -> None:
    """A request is given up when its own time ends, although its connection has looked at a later one before."""
    silent = False

    async def once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal silent
        if not silent:
            writer.write(OK)
        silent = True

    loop = asyncio.get_running_loop()
    async with serving(act=once) as server, transport() as send:
        await send(post(server.url))
        began = loop.time()
        with pytest.raises(TimeoutError):
            await send.ask(http.target(server.url)[0], http._written(post(server.url)), began + 0.2)

        assert 0.15 < loop.time() - began < 1


async def test_whose_time_is_over_asks_nothing() -> None:
    """A request that has no time left is not sent, so that it cannot take effect unheard."""
    async with serving(OK) as server, transport() as send:
        await send(post(server.url))
        with pytest.raises(TimeoutError):
            await send.ask(
                http.target(server.url)[0], http._written(post(server.url)), asyncio.get_running_loop().time()
            )
        await asyncio.sleep(0.1)

        assert len(server.heard) == 1


async def test_who_waits_for_room_waits_no_longer_than_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """When every connection hangs, who waits for one is given up in time as well."""
    monkeypatch.setattr(http, "CONNECTIONS", 2)

    async def never(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    loop = asyncio.get_running_loop()
    async with serving(act=never) as silent, transport() as send:
        place, began = http.target(silent.url)[0], loop.time()
        asked = [send.ask(place, b"", began + 0.2 + number / 1000) for number in range(20)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        took = loop.time() - began

    assert {type(answer) for answer in answers} == {TimeoutError}
    assert took < 1


async def test_who_stops_waiting_takes_the_connection_along() -> None:
    """A cancelled request leaves no connection behind on which its answer could arrive for another."""
    begun, never = asyncio.Event(), asyncio.Event()

    async def hang(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        begun.set()
        await never.wait()

    async with serving(act=hang) as server, transport() as send:
        asked = asyncio.create_task(send(post(server.url)))
        await begun.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

        assert not send._open
        assert not any(send._idle.values())
        never.set()


async def test_what_nobody_asked_for_ends_the_connection() -> None:
    """A server that answers twice is not trusted with another request on that connection."""
    async with serving(OK + OK) as server, transport() as send:
        await send(post(server.url))
        await asyncio.sleep(0.05)
        await send(post(server.url))

        assert server.connections == 2


async def test_only_so_many_connections_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests beyond the bound wait for one of the connections to be free."""
    monkeypatch.setattr(http, "CONNECTIONS", 4)
    async with serving(OK) as server, transport() as send:
        answers = await asyncio.gather(*(send(post(server.url)) for _ in range(40)))

    assert [answer.status for answer in answers] == [200] * 40
    assert server.connections <= 4


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """Over https the server's certificate must be trusted."""

    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    listening = await asyncio.start_server(never, "127.0.0.1", 0, ssl=certificate(tmp_path).server)
    port = listening.sockets[0].getsockname()[1]
    async with transport() as send:
        with pytest.raises(RequestFailed) as refused:
            await send(post(f"https://127.0.0.1:{port}/"))
    listening.close()

    assert isinstance(refused.value.inner, ssl.SSLCertVerificationError)


async def test_over_tls_as_over_plain_connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate that is trusted, requests are answered and the connection is kept."""
    known, server = certificate(tmp_path), Server()
    monkeypatch.setattr(http, "_tls", lambda: known.client)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        for _ in range(2):
            await server.read(reader)
            writer.write(OK)
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=known.server)
    url = f"https://localhost:{listening.sockets[0].getsockname()[1]}/"
    async with transport() as send:
        answers = [await send(post(url)) for _ in range(2)]
    listening.close()

    assert answers == [Response(200, b"{}")] * 2
    assert server.connections == 1


async def test_a_connection_that_is_lost_before_it_was_used_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and closes it keeps nobody waiting until the time is over."""
    loop, lost = asyncio.get_running_loop(), asyncio.Event()
    connect = loop.create_connection

    async def late(*arguments: Any, **options: Any) -> Any:
        made = await connect(*arguments, **options)
        await asyncio.wait_for(lost.wait(), 5)
        await asyncio.sleep(0.05)
        return made

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()
        lost.set()

    listening = await asyncio.start_server(closing, "127.0.0.1", 0)
    monkeypatch.setattr(loop, "create_connection", late)
    async with transport() as send, asyncio.timeout(10):
        with pytest.raises(RequestFailed):
            await send.ask(
                target(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/")[0], b"", loop.time() + 60
            )
    listening.close()
