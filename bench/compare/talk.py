"""Asking a peer one thing at a time, or several at once."""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bench.compare.speech import Answer, Ask
from bench.load import request


def ask(port: int, what: Ask, more: Mapping[str, str] | None = None) -> Answer:
    """The answer, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        # Browsers say where a page is from, and Better Auth asks for it.
        known = {"Origin": f"http://127.0.0.1:{port}", **what.headers, **(more or {})}
        connection.request(what.method, what.path, what.body or None, known)
        answer = connection.getresponse()
        cookies = [cookie.partition(";")[0] for cookie in answer.headers.get_all("set-cookie", [])]
        return Answer(answer.status, answer.read(), "; ".join(cookies))
    finally:
        connection.close()


def well(port: int, what: Ask, more: Mapping[str, str] | None = None) -> Answer:
    """The answer. Raises RuntimeError when it is not the good one."""
    answer = ask(port, what, more)
    if answer.status != what.expected:
        raise RuntimeError(f"{what.path} answered {answer.status}: {answer.body[:300]!r}")
    return answer


def at_once(port: int, asked: Sequence[Ask]) -> list[Answer]:
    """The answers to requests that are sent together, in threads that wait for each other."""
    together = Barrier(len(asked))

    def one(what: Ask) -> Answer:
        together.wait(30)
        return ask(port, what)

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(one, asked))


def raw(port: int, what: Ask, more: Mapping[str, str] | None = None) -> bytes:
    """The request as bytes, for the load generator."""
    headers = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}", **what.headers, **(more or {})}
    return request(what.method, what.path, headers, what.body)
