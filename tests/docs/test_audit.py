"""What docs/audit.md shows works, and what it lists is all there is."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Wicketgate, ada, wicketgate
from tests.support.events import security_events
from wicketgate.core.outbox import Job
from wicketgate.core.webhooks import key_of, signed
from wicketgate.outbox.webhook import payload
from wicketgate.settings import NOTICES

__all__ = ["ada", "wicketgate"]
TEXT = (Path(__file__).parents[2] / "docs" / "audit.md").read_text()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type":"password_changed"}'


def block(language: str) -> str:
    """The page's one block in a language."""
    (text,) = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", TEXT)
    return str(text)


def table(heading: str) -> str:
    """The page from a heading to the next."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.fixture
def verified() -> Callable[[str, dict[str, str], bytes], bool]:
    """The function that the page shows."""
    names: dict[str, Any] = {}
    exec(compile(block("python"), "docs/audit.md", "exec"), names)
    found: Callable[[str, dict[str, str], bytes], bool] = names["verified"]
    return found


@pytest.mark.parametrize("secret", [SECRET, "any text that is long enough, ümlauts included"])
def test_what_we_send_is_verified(verified: Callable[..., bool], secret: str) -> None:
    """With either form of secret, and among signatures of other versions or keys."""
    headers = dict(signed(key_of(secret), "job-1", int(time.time()), BODY))

    alone = verified(secret, headers, BODY)
    headers["webhook-signature"] = f"v1a,xyz v1,AAAA {headers['webhook-signature']}"

    assert alone
    assert verified(secret, headers, BODY)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "job-2"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
    ],
)
def test_what_somebody_else_sends_is_not(verified: Callable[..., bool], change: dict[str, str]) -> None:
    """Another id, time or signature, and what was sent before."""
    headers = {**signed(key_of(SECRET), "job-1", int(time.time()), BODY), **change}

    assert not verified(SECRET, headers, BODY)


def test_what_was_kept_for_later_is_not(verified: Callable[..., bool]) -> None:
    """A good signature of ten minutes ago does not do."""
    headers = dict(signed(key_of(SECRET), "job-1", int(time.time()) - 600, BODY))

    assert not verified(SECRET, headers, BODY)


def test_the_body_is_as_shown() -> None:
    """The example is what is sent of such an event."""
    shown = json.loads(block("json"))
    data = {"event": shown["type"], "at": "1896091200000", **shown["data"]}

    assert json.loads(payload(Job("job-1", "webhook", data, 0))) == shown


def test_the_commands_run(wicketgate: Wicketgate, ada: str) -> None:
    """Each line of the block, with a user of that address."""
    lines = block("sh").splitlines()

    ran = [wicketgate(*line.split()[1:]) for line in lines]

    assert len(lines) == 3
    assert [answer.code for answer in ran] == [0, 0, 0]
    assert all("signup" in answer.out for answer in ran)


def test_every_event_is_listed() -> None:
    """Each event of an account that is kept is in the table, and nothing else is."""
    rows = re.findall(r"(?m)^\| ([^|]+) \|", table("What is kept"))
    listed = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}

    assert listed == security_events() - {"signup_refused", "limit_hit", "account_deleted"}


def test_every_notice_is_listed() -> None:
    """The names that the setting takes are those of the table."""
    listed = set(re.findall(r"(?m)^\| `([a-z_]+)` \|", table("Notices to the owner")))

    assert listed | {"none"} == set(NOTICES)
