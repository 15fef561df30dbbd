"""A cookie's name is what the browser took it for.

Names and values were trimmed of all that Python takes for white space, which in Latin-1 are more characters than the
two that browsers trim (RFC 6265bis, 5.6). For a browser a cookie named `<A0>__Host-auth_token` does not begin with
`__Host-`, so a sibling domain may set it; here it became the session's own, and whoever came next was logged in to a
stranger's account. Now only spaces and tabs are trimmed.
"""

from __future__ import annotations

import pytest

from tests.support.service import HTTPS, Service

OTHERS = [chr(number) for number in range(256) if chr(number).isspace() and chr(number) not in " \t"]


@pytest.mark.parametrize("space", OTHERS, ids=ascii)
@pytest.mark.parametrize("shape", ["{0}__Host-auth_token={1}", "__Host-auth_token{0}={1}"])
async def test_no_other_name_becomes_ours(shape: str, space: str) -> None:
    """A name with something around it that browsers keep is another name."""
    service = Service(environment="production", public_url=HTTPS)
    await service.caller(base_url=HTTPS).sign_up()
    token = (await service.caller(base_url=HTTPS).log_in()).json()["token"]
    cookie = shape.format(space, token).encode("latin-1")

    ours = await service.caller(base_url=HTTPS).get(
        "/api/profile", headers={"Cookie": f"a=b; \t__Host-auth_token\t= {token} "}
    )
    other = await service.caller(base_url=HTTPS).get("/api/profile", headers=[(b"cookie", cookie)])

    assert (ours.status_code, other.status_code) == (200, 401)
