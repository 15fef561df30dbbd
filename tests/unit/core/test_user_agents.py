"""What a program is named to people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.user_agents import LONGEST, UNKNOWN, device_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT}"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT}"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (f"{IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{WINDOWS} Chrome/138.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} Chrome/138.0.0.0 Safari/537.36 OPR/120.0.0.0", "Opera on Windows"),
        (f"{WINDOWS} Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5", "Vivaldi on Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/138.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        (f"{ANDROID} Chrome/138.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        (f"{IPHONE} CriOS/138.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{MAC} Version/18.5 Safari/605.1.15", "Safari on macOS"),
        (f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (IPHONE.replace("iPhone", "iPad") + " Version/18.5 Safari/604.1", "Safari on iPad"),
        ("Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko", "Windows"),
        ("Mozilla/5.0 Firefox/140.0", "Firefox"),
        ("Mozilla/5.0", UNKNOWN),
        ("curl/8.14.1", "curl"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("My App (build 7)", "My"),
        ("", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
        ("é", UNKNOWN),
        ("x" * 300, "x" * LONGEST),
    ],
)
def test_a_device_is_named(user_agent: str, name: str) -> None:
    """Browser and system in words, another program by its own name, and nothing closer."""
    found = device_name(user_agent)

    assert found == name


@given(st.text(st.characters(max_codepoint=255)) | st.text().map(lambda text: f"Mozilla/5.0 {text}"))
def test_whatever_is_said_the_name_is_short_and_plain(user_agent: str) -> None:
    """No header makes a name of other characters, or a long one: it is shown in pages and mails."""
    name = device_name(user_agent)

    assert 0 < len(name) <= LONGEST
    assert name.replace(" ", "").translate(str.maketrans("", "", "._+-")).isalnum()
    assert name.isascii()
