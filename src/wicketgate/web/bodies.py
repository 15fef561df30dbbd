"""Request bodies: read with a bound, decoded field by field so that every problem is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import msgspec

from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.web.errors import BodyTooLarge, UnsupportedMediaType
from wicketgate.web.http import Request

MAX_BYTES = 64 * 1024
_MOST_UNKNOWN = 10
_LONGEST_NAME = 64
Body = TypeVar("Body", bound=msgspec.Struct)
_decode = msgspec.json.Decoder().decode
_NAMES = {"integer": "a whole number", "array": "a list of texts"}


class ClientGone(Exception):
    """The client went away before it had sent the whole body."""


async def read(request: Request, *, wanted: bool) -> bytes:
    """The body. One that nobody `wanted` is not waited for, but is refused all the same when too large.

    Raises BodyTooLarge as soon as that is sure, and UnsupportedMediaType.
    """
    length = request.headers.get(b"content-length", b"")
    # A length of thousands of digits is more than `int` takes.
    if length.isdigit() and (len(length) > 18 or int(length) > MAX_BYTES):
        raise BodyTooLarge
    if not wanted:
        return b""
    body = await _receive(request)
    media_type = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType
    return body


async def _receive(request: Request) -> bytes:
    chunks = bytearray()
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks += message.get("body", b"")
        if len(chunks) > MAX_BYTES:
            raise BodyTooLarge
        if not message.get("more_body", False):
            return bytes(chunks)
        del message  # or its piece would be kept twice while the next is awaited


def decode(kind: type[Body], rules: fields.Rules, body: bytes) -> Body:
    """The body as a value of this kind, its fields cleaned by the rules.

    Raises InvalidInput with the problem of every field that is missing, mistyped or against its rule, in their order,
    and then of every unknown one.
    """
    given = _object(body)
    known = _fields(kind)
    problems = {name: _problem(field, given) for name, field in known.items()}
    problems |= dict.fromkeys(_unknown(known, given), "Unknown field")
    found = [Problem(message, name) for name, message in problems.items() if message is not None]
    sound = {name: given[name] for name in known if name in given and problems[name] is None}
    try:
        return kind(**fields.check(rules, sound, found))
    except InvalidInput as error:
        places: dict[str | None, int] = {name: place for place, name in enumerate(problems)}
        raise InvalidInput(*sorted(error.problems, key=lambda each: places.get(each.field, -1))) from None


@cache
def _fields(kind: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    """The fields by name. Asked once, since the answer takes longer than the rest of decoding."""
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _unknown(known: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """The first unknown names, cut where they are long: nonsense gets a short answer."""
    for name in islice((name for name in given if name not in known), _MOST_UNKNOWN):
        yield name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InvalidInput(Problem("The request body must be valid JSON")) from None
    if not isinstance(given, dict):
        raise InvalidInput(Problem("The request body must be a JSON object"))
    return given


def _problem(field: msgspec.structs.FieldInfo, given: dict[str, Any]) -> str | None:
    name = field.encode_name
    if name not in given:
        return f"{fields.label(name)} is required" if field.required else None
    try:
        msgspec.convert(given[name], field.type)
    except msgspec.ValidationError:
        return f"{fields.label(name)} must be {_wanted(field.type)}"
    return None


def _wanted(kind: Any) -> str:
    """A type as a message names it."""
    schema = msgspec.json.schema(kind)
    types = {option.get("type") for option in (schema, *schema.get("anyOf", ()))}
    return next((name for known, name in _NAMES.items() if known in types), "text")
