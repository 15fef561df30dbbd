"""Where to go after login."""

from __future__ import annotations

import pytest

from wicketgate.core.next_path import MAX_LENGTH, stays_here


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account",
        "/a/b/?q=1#part",
        "/a//b",
        "/a/./b/../c",
        "/./account",
        "/..",
        "/search?next=//evil.example",
        "/search?q=https://evil.example",
        "/#//evil.example",
        "/path:with@signs",
        "/caf%C3%A9",
        "/" + "x" * (MAX_LENGTH - 1),
    ],
)
def test_a_path_of_ours_is_taken(path: str) -> None:
    """A path that a browser can only read as one of this site is followed."""
    stays = stays_here(path)

    assert stays


@pytest.mark.parametrize(
    "path",
    [
        "",
        "account",
        "https://evil.example",
        "javascript:alert(1)",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        "/\x00",
        "/\x85/",
        "/.//evil.example",
        "/..//evil.example",
        "/%2e//evil.example",
        "/%2E%2e//evil.example",
        "/.%2e//evil.example",
        "/a/..//evil.example",
        "/a/b/../..//evil.example",
        "/././/evil.example",
        "/" + "x" * MAX_LENGTH,
    ],
)
def test_a_path_that_may_lead_elsewhere_is_refused(path: str) -> None:
    """What is, or once its dots are resolved becomes, another site's address is not followed."""
    stays = stays_here(path)

    assert not stays
