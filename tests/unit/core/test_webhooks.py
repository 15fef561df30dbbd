"""How a webhook is signed."""

from __future__ import annotations

import base64

import pytest

from wicketgate.core.webhooks import key_of, signed


def test_the_published_example() -> None:
    """The example that the libraries of Standard Webhooks test themselves with gets its published signature."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_without_a_prefix_is_its_own_bytes() -> None:
    """Whatever is no `whsec_` is taken as it stands, and is the same key as its base64 behind the prefix."""
    secret = "any secret that somebody made up, ümlauts included"

    key = key_of(secret)

    assert key == secret.encode()
    assert key == key_of(f"whsec_{base64.b64encode(key).decode()}")


@pytest.mark.parametrize("secret", ["whsec_***", "whsec_YQ", "whsec_YQ==\n"])
def test_what_is_no_base64_is_refused(secret: str) -> None:
    """A mistyped secret is an error, never another key."""
    with pytest.raises(ValueError, match=r"base64|padding"):
        key_of(secret)
