"""Users of a running service, and the requests they send."""

from __future__ import annotations

import http.client
import itertools
import json
from dataclasses import dataclass

from bench.load import Next, request

PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account and a session."""

    email: str
    cookies: str

    @property
    def token(self) -> str:
        """The session's token, which is the first cookie."""
        return self.cookies.partition(";")[0].partition("=")[2]

    @property
    def profile(self) -> bytes:
        """The request for the profile as a browser sends it."""
        return request("GET", "/api/profile", {"Cookie": self.cookies})

    def change(self, body: bytes) -> bytes:
        """A change of the profile by a program that has the session's token."""
        return request("PUT", "/api/profile/update", {"Authorization": f"Bearer {self.token}"}, body)

    def login(self, source: str) -> bytes:
        """A login from this address, as a proxy hands it on."""
        body = json.dumps({"email": self.email, "password": PASSWORD}).encode()
        return request("POST", "/api/auth/login", {"X-Forwarded-For": source}, body)


def invite(port: int, number: int) -> list[Person]:
    """So many people who have signed up and logged in."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    people = [_person(connection) for _ in range(number)]
    connection.close()
    return people


def logins(people: list[Person]) -> Next:
    """Logins of these people in turn, each from an address of its own, so that no limit is met."""
    turn = itertools.cycle(people)
    return lambda: next(turn).login(address())


def address() -> str:
    """An address that no other call returns."""
    number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _person(connection: http.client.HTTPConnection) -> Person:
    source = address()
    email = f"user{next(_numbers)}@example.com"
    given = {"email": email, "password": PASSWORD}
    _post(connection, "/api/auth/signup", {**given, "name": "Ada Lovelace"}, source, 201)
    cookies = _post(connection, "/api/auth/login", given, source, 200)
    return Person(email, "; ".join(cookie.partition(";")[0] for cookie in cookies))


def _post(
    connection: http.client.HTTPConnection, path: str, body: dict[str, str], source: str, expected: int
) -> list[str]:
    headers = {"Content-Type": "application/json", "X-Forwarded-For": source}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != expected:
        raise RuntimeError(f"{path} answered {answer.status}: {said.decode()}")
    return answer.headers.get_all("set-cookie", [])
