"""Bodies and texts: refused with a short answer, or clean in every field."""

from __future__ import annotations

import json
import unicodedata
from email.headerregistry import Address

from tests.fuzz.kit import Target, simple
from tests.support.service import Service
from tests.support.strategies import is_address, normal_form
from wicketgate.core import fields, text
from wicketgate.core.errors import InvalidInput, MailRejected
from wicketgate.email_syntax import normalised
from wicketgate.mail.mail import Mail
from wicketgate.mail.message import enveloped
from wicketgate.web import bodies
from wicketgate.web.endpoint import Endpoint
from wicketgate.web.errors import reply_to

_ENDPOINTS = [
    endpoint
    for endpoint in Service(email_verification="required", session_list=True).app.endpoints
    if endpoint.body is not None
]


def reader(endpoint: Endpoint) -> Target:
    """A route's body, decoded and cleaned as the route does."""

    def read(data: bytes) -> None:
        assert endpoint.body is not None
        try:
            found = bodies.decode(endpoint.body, endpoint.rules, data)
        except InvalidInput as error:
            answer = reply_to(error)
            assert answer.status == 400
            assert len(answer.body) < 4_000
            return
        given = json.loads(data)
        assert given.keys() <= set(found.__struct_fields__) | {"expiresInDays"}
        clean(found)

    def clean(found: object) -> None:
        for value in (getattr(found, name) for name in getattr(found, "__struct_fields__", ())):
            if isinstance(value, str):
                value.encode()

    example = json.dumps(endpoint.body_example).encode()
    every = json.dumps({**endpoint.body_example, "name": "Ada\u0301", "bio": "a\n\ud83d\ude42"}).encode()
    return simple(read, example, every, b'{"email":1e400,"password":{"a":[]}}', examples=60)


def cleaned(data: bytes) -> None:
    """Cleaned text is clean, whatever it is made of, and cleaning it again changes nothing."""
    typed = data.decode("utf-8", "replace")
    for clean in (text.clean_line, text.clean_block):
        found = clean(typed, 100)
        assert clean(found, 100) == found or len(found) > 400
        assert not any("\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069" for letter in found)
        assert not any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in found)
        assert len(found) <= len(typed) * 3


def address(data: bytes) -> None:
    """What is taken for an address is in its one form, and a mail to it has one recipient and no header more."""
    typed = data.decode("utf-8", "replace")
    # Everyday addresses are read without the library, which must not show.
    if len(typed) <= fields.EMAIL_MAX:
        assert normalised(typed) == (normal_form(typed) if is_address(typed) else None)
    try:
        found = fields.email(typed, normalised)
    except InvalidInput:
        return

    assert fields.email(found, normalised) == found
    assert len(found) <= fields.EMAIL_MAX
    assert found == found.lower()
    assert found.isprintable()
    assert not any(map(str.isspace, found))
    try:
        envelope = enveloped(Mail(found, "Hello", "text", "<p>text</p>"), Address("Acme", "login", "acme.example"))
    except MailRejected:
        return
    assert not set(envelope.to) & set("\r\n<>, ")
    top = envelope.content.partition(b"\r\n\r\n")[0].lower()
    assert top.count(b"\nto:") == 1
    assert b"\nbcc:" not in top


def password(data: bytes) -> None:
    """A password that may be chosen is in its normal form and opens what was chosen, however it is typed again."""
    typed = data.decode("utf-8", "replace")
    try:
        found = fields.new_password(typed)
    except InvalidInput:
        return

    assert fields.normal_password(typed) == found == fields.normal_password(found)
    assert fields.PASSWORD_MIN <= len(found) <= fields.PASSWORD_MAX


TARGETS = {
    **{f"body of {endpoint.path.removeprefix('/api/')}": reader(endpoint) for endpoint in _ENDPOINTS},
    "text": simple(cleaned, "Ame\u0301lie \u202eexe.gpj\u202c \ufeff".encode(), b" a\r\nb\tc\0 "),
    "address": simple(
        address, b" Ada.Lovelace@Example.COM ", "ü@bücher.example".encode(), b'"a b"@example.com', b"a@[127.0.0.1]"
    ),
    "password": simple(password, b"correct horse battery", "pa\u0308sswo\u0308rd ﬁne 🦉".encode()),
}
