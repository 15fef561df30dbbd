"""Request bodies."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET, Struct, UnsetType

from tests.unit.web.kit import Wire, request
from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput
from wicketgate.web.bodies import MAX_BYTES, ClientGone, decode, read
from wicketgate.web.errors import BodyTooLarge, UnsupportedMediaType

JSON = {"content-type": "application/json"}
ODDITIES = [
    b'{"name":',
    b"",
    b"\xff",
    b"{'name': 1}",
    b'{"name": NaN}',
    rb'{"name": "\ud800"}',
    b"[" * 60_000,
    b"{}{}",
]


async def body_of(
    chunks: list[bytes], headers: dict[str, str], *, wanted: bool = True, complete: bool = True
) -> bytes:
    """What is read of a body."""
    return await read(request("POST", headers=headers, wire=Wire(chunks, complete=complete)), wanted=wanted)


@pytest.mark.parametrize("chunks", [[b"{}"], [b"{", b"", b"}"], [b""], [b"x" * MAX_BYTES], [b"x"] * 100])
async def test_a_body_is_read_whole(chunks: list[bytes]) -> None:
    """A body is read in as many pieces as it comes, up to the bound."""
    body = await body_of(chunks, JSON)

    assert body == b"".join(chunks)


@pytest.mark.parametrize("chunks", [[b"x" * (MAX_BYTES + 1)], [b"x" * MAX_BYTES, b"x"], [b"x" * 40_000] * 9])
async def test_a_body_that_is_too_long_is_refused(chunks: list[bytes]) -> None:
    """One byte over the bound is too long, whatever the client said of its length."""
    with pytest.raises(BodyTooLarge):
        await body_of(chunks, {**JSON, "content-length": "1"})


@pytest.mark.parametrize("wanted", [True, False])
async def test_an_announced_length_is_refused_unread(wanted: bool) -> None:
    """A body that says it is too long is not read at all, wanted or not."""
    wire = Wire([b"x"])

    with pytest.raises(BodyTooLarge):
        await read(request("POST", headers={"content-length": str(MAX_BYTES + 1)}, wire=wire), wanted=wanted)

    assert len(wire.coming) == 1


@pytest.mark.parametrize("length", ["", "many", "-1", str(MAX_BYTES)])
async def test_an_odd_length_is_not_believed(length: str) -> None:
    """A length that is none, or fits, leaves it to the body itself."""
    body = await body_of([b"{}"], {**JSON, "content-length": length})

    assert body == b"{}"


async def test_a_body_nobody_wants_is_not_waited_for() -> None:
    """A route without a body answers although one is coming, of whatever kind."""
    body = await body_of([b"x"], {"content-type": "text/plain"}, wanted=False, complete=False)

    assert body == b""


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", " application/json ;x=1"])
async def test_json_is_taken(kind: str) -> None:
    """The media type counts in any case and with any parameter."""
    body = await body_of([b"{}"], {"content-type": kind})

    assert body == b"{}"


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_another_media_type_is_refused(kind: str | None) -> None:
    """What does not say that it is JSON is refused: a form can be sent by any page without asking."""
    with pytest.raises(UnsupportedMediaType):
        await body_of([b"{}"], {} if kind is None else {"content-type": kind})


async def test_too_long_comes_before_the_wrong_kind() -> None:
    """A body that is both too long and of another kind is too long."""
    with pytest.raises(BodyTooLarge):
        await body_of([b"x" * (MAX_BYTES + 1)], {"content-type": "text/plain"})


async def test_a_client_that_leaves_is_noticed() -> None:
    """Half a body is never taken for a whole one."""
    with pytest.raises(ClientGone):
        await body_of([b"{"], JSON, complete=False)


class Form(Struct):
    """A body with a field of each kind."""

    name: str
    email: str = "none"
    bio: str | UnsetType | None = UNSET


def test_of_a_name_twice_the_last_counts() -> None:
    """As everywhere else that reads JSON, so that nothing in front sees another value than the service."""
    body = decode(Form, {"name": str}, b'{"name": "first", "name": "last"}')

    assert body.name == "last"


RULES: fields.Rules = {"name": fields.name, "bio": fields.bio, "email": str.lower}


def problems_of(body: bytes) -> list[tuple[str | None, str]]:
    """What is wrong with a body."""
    with pytest.raises(InvalidInput) as caught:
        decode(Form, RULES, body)
    return [(problem.field, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b'{"name": " Ada "}', Form("Ada")),
        (b'{"name": "Ada", "bio": null, "email": "A@B"}', Form("Ada", "a@b", None)),
        (b'{"name": "Ada", "bio": "x"}', Form("Ada", bio="x")),
        (b'\n{"name": "\\u0041da"}\t', Form("Ada")),
    ],
)
def test_a_body_becomes_a_value(body: bytes, form: Form) -> None:
    """The fields are cleaned by their rules, and what is absent keeps its default."""
    decoded = decode(Form, RULES, body)

    assert decoded == form


@pytest.mark.parametrize("body", ODDITIES)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    """Whatever comes instead of JSON is a problem of the whole body, and no fault of ours."""
    found = problems_of(body)

    assert found == [(None, "The request body must be valid JSON")]


@pytest.mark.parametrize("body", [b"[]", b'"name"', b"1", b"null", b"true"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """JSON of another kind is a problem of the whole body."""
    found = problems_of(body)

    assert found == [(None, "The request body must be a JSON object")]


@pytest.mark.parametrize("value", ["1", "null", "true", "[]", "{}", "1.5"])
def test_a_value_of_another_type_is_named(value: str) -> None:
    """A field of another type is told with its name."""
    found = problems_of(b'{"name": %s}' % value.encode())

    assert found == [("name", "Name must be text")]


def test_every_problem_is_told_at_once() -> None:
    """Missing, mistyped, broken and unknown fields all show up, the form's own first and in its order."""
    found = problems_of(b'{"email": 5, "bio": "%s", "age": 3}' % (b"x" * 501))

    assert found == [
        ("name", "Name is required"),
        ("email", "Email must be text"),
        ("bio", "Bio must be at most 500 characters"),
        ("age", "Unknown field"),
    ]


@pytest.mark.parametrize("given", [{"__class__": 1}, {"": 1}, {"NAME": "Ada"}, {"constructor": {}}])
def test_unknown_fields_are_refused(given: dict[str, Any]) -> None:
    """A field that is not the body's own is a problem, so that a misspelling is not lost."""
    name = next(iter(given))

    found = problems_of(b'{"name": "Ada", "%s": 1}' % name.encode())

    assert found == [(name, "Unknown field")]
