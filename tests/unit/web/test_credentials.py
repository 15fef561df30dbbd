"""What a request shows of who is calling."""

from __future__ import annotations

import pytest

from tests.unit.web.kit import request
from wicketgate.core.errors import NotAuthenticated
from wicketgate.web.credentials import Credential, credential


@pytest.mark.parametrize(
    "authorization", ["Bearer token", "bearer token", "BEARER token", "  Bearer   token  ", "Bearer token "]
)
def test_a_bearer_token_is_read(authorization: str) -> None:
    """The scheme counts in any case, and spaces around the token do not."""
    shown = credential(request(headers={"authorization": authorization}), "auth_token")

    assert shown == Credential("token", from_cookie=False)


@pytest.mark.parametrize(
    "authorization", ["", " ", "Bearer", "Bearer ", "token", "Basic dXNlcjpwYXNz", "Bearer a b", "Bearer\ttoken"]
)
@pytest.mark.parametrize("cookie", ["auth_token=good", ""])
def test_an_unreadable_header_is_refused(authorization: str, cookie: str) -> None:
    """A header that is no bearer token is refused even beside a good cookie."""
    asked = request(headers={"authorization": authorization, "cookie": cookie})

    with pytest.raises(NotAuthenticated):
        credential(asked, "auth_token")


def test_two_headers_are_unreadable() -> None:
    """Nobody can send one token to us and another to a proxy in front."""
    asked = request(headers=[(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")])

    with pytest.raises(NotAuthenticated):
        credential(asked, "auth_token")


@pytest.mark.parametrize(
    ("cookie", "shown"),
    [
        ("auth_token=token", Credential("token", from_cookie=True)),
        ("other=1; auth_token=token", Credential("token", from_cookie=True)),
        ("auth_token=", None),
        ("__Host-auth_token=token", None),
        ("other=1", None),
        ("", None),
    ],
)
def test_a_cookie_is_read(cookie: str, shown: Credential | None) -> None:
    """Only the session's own cookie counts, and an empty one is none."""
    found = credential(request(headers={"cookie": cookie}), "auth_token")

    assert found == shown


def test_the_header_goes_before_the_cookie() -> None:
    """With both the cookie is ignored."""
    asked = request(headers={"authorization": "Bearer header", "cookie": "auth_token=cookie"})

    assert credential(asked, "auth_token") == Credential("header", from_cookie=False)


def test_where_a_cookie_means_nothing_it_is_ignored() -> None:
    """A route for API tokens takes none from a cookie."""
    asked = request(headers={"cookie": "auth_token=token"})

    assert credential(asked, None) is None
