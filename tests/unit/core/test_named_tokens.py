"""What is kept of a named token, and the rules for making one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fakes import ADA
from wicketgate.core import named_tokens
from wicketgate.core.errors import InvalidInput
from wicketgate.core.named_tokens import (
    MOST,
    MOST_BYTES,
    NamedToken,
    NewToken,
    attribute,
    fit,
    forgetting,
    kept_token,
    made,
    token_of,
    tokens_of,
    written,
)
from wicketgate.core.users import UserRecord

NOW = 1_900_000_000
PLAIN = NamedToken("b2theSBzdXJl", "Nightly report", (), NOW)
FULL = NamedToken("q3J4Yl9zT2Vk", 'Ünï "code"', ("read", "reports:write"), NOW, NOW + 5, NOW + 1, 1000)


def ada(*tokens: NamedToken, **more: str) -> UserRecord:
    """Ada with these tokens, and other private attributes."""
    return replace(ADA, private={**{attribute(one.id): written(one) for one in tokens}, **more})


@pytest.mark.parametrize("token", [PLAIN, FULL])
def test_what_is_written_is_read(token: NamedToken) -> None:
    """Every value comes back, those that are not there included."""
    found = kept_token(ada(token), token.id)

    assert found == token


@given(name=st.text(st.characters(codec="utf-8"), max_size=60), numbers=st.lists(st.integers(1, 2**33), min_size=4))
def test_any_name_is_kept(name: str, numbers: list[int]) -> None:
    """A name is kept to the letter, and so is every number."""
    token = NamedToken(PLAIN.id, name, ("a",), *numbers[:4])

    found = kept_token(ada(token), token.id)

    assert found == token


def test_a_new_token_ends_in_days() -> None:
    """A lifetime is counted from now; without one there is no end."""
    ends, stays = made("x", NewToken("a", (), 2, 7), NOW), made("x", NewToken("a"), NOW)

    assert ends == NamedToken("x", "a", (), NOW, NOW + 172_800, None, 7)
    assert stays == NamedToken("x", "a", (), NOW)


def test_good_ones_are_listed_newest_first() -> None:
    """Expired ones are left out, and forgotten with the next change."""
    older = replace(PLAIN, id="older-token-", created_at=NOW - 9)
    record = ada(older, FULL, PLAIN, passwordHash="h")

    assert [token.id for token in tokens_of(record, NOW + 4)] == [FULL.id, PLAIN.id, older.id]
    assert [token.id for token in tokens_of(record, NOW + 5)] == [PLAIN.id, older.id]
    assert token_of(record, FULL.id, NOW + 5) is None
    assert forgetting(record, NOW + 5) == {attribute(FULL.id): None}


@pytest.mark.parametrize("value", ["", "x", "{}", "[]", "7", "null", '["a","b",1,2,3]', '["a","b",1,2,3,"4"]'])
def test_what_is_none_of_ours_is_no_token(value: str) -> None:
    """A value that was brought along from somewhere opens nothing, and is forgotten."""
    record = ada(PLAIN, **{"token#odd": value})

    assert kept_token(record, "odd") is None
    assert tokens_of(record, NOW) == [PLAIN]
    assert forgetting(record, NOW) == {"token#odd": None}


@pytest.mark.parametrize(
    "value", ['["a",5,1,2,3,4]', '[5,"b",1,2,3,4]', '["a","b",true,2,3,4]', '["a","b",1,2,3.5,4]']
)
def test_other_types_are_no_token(value: str) -> None:
    """Each value must be of its own type."""
    found = kept_token(ada(**{"token#odd": value}), "odd")

    assert found is None


def test_fifty_small_ones_fit() -> None:
    """There is room for fifty as they usually are, each with one scope, and for no more however small."""
    usual = replace(PLAIN, name="Nightly report", scopes=("reports:read",), expires_at=NOW + 9)
    tiny = replace(PLAIN, name="x")

    assert fit([usual] * 40)
    assert fit([tiny] * MOST)
    assert not fit([tiny] * (MOST + 1))


def test_room_is_counted_in_bytes() -> None:
    """The note of a last use has its place from the beginning, so that it never outgrows the room."""
    name = "é" * 30
    size = len(attribute(PLAIN.id)) + len(written(replace(PLAIN, name=name, used_at=NOW)).encode())
    most = MOST_BYTES // size

    assert fit([replace(PLAIN, name=name)] * most)
    assert not fit([replace(PLAIN, name=name)] * (most + 1))


@pytest.mark.parametrize(
    ("rule", "given", "cleaned"),
    [
        (named_tokens.name, "  CI\t\u202epipeline ", "CI pipeline"),
        (named_tokens.name, "x" * 60, "x" * 60),
        (named_tokens.scopes, [], ()),
        (named_tokens.scopes, ["a", "b", "a"], ("a", "b")),
        (named_tokens.scopes, ["reports:read", "0", "a.b_c-d", "x" * 40], ("reports:read", "0", "a.b_c-d", "x" * 40)),
        (named_tokens.scopes, [f"s{number}" for number in range(20)], tuple(f"s{number}" for number in range(20))),
        (named_tokens.days, None, None),
        (named_tokens.days, 1, 1),
        (named_tokens.days, 3650, 3650),
        (named_tokens.limit, None, None),
        (named_tokens.limit, 1000, 1000),
        (named_tokens.token_id, "b2theSBz-_Jl", "b2theSBz-_Jl"),
    ],
)
def test_rules_clean(rule: Callable[[Any], Any], given: Any, cleaned: Any) -> None:
    """What is allowed comes back in its one form."""
    found = rule(given)

    assert found == cleaned


@pytest.mark.parametrize(
    ("rule", "given", "field", "message"),
    [
        (named_tokens.name, "", "name", "Name is required"),
        (named_tokens.name, " \u202e ", "name", "Name is required"),
        (named_tokens.name, "x" * 61, "name", "Name must be at most 60 characters"),
        (named_tokens.name, "\ud800", "name", "Name contains a broken character"),
        *(
            (named_tokens.scopes, [bad], "scopes", "A scope has up to 40")
            for bad in ("", "A", "-a", "a b", "é", "a\n")
        ),
        (named_tokens.scopes, ["x" * 41], "scopes", "A scope has up to 40"),
        (named_tokens.scopes, [f"s{number}" for number in range(21)], "scopes", "There may be at most 20 scopes"),
        *((named_tokens.days, bad, "expires_in_days", "between 1 and 3650") for bad in (0, -1, 3651, 10**30)),
        *((named_tokens.limit, bad, "limit", "between 1 and 1000") for bad in (0, -1, 1001)),
        *(
            (named_tokens.token_id, bad, "id", "not the id of an API token")
            for bad in ("", "x", "x" * 13, "b2theSBz+/Jl")
        ),
        (named_tokens.token_id, "b2theSBzdXJé", "id", "not the id of an API token"),
    ],
)
def test_rules_refuse(rule: Callable[[Any], Any], given: Any, field: str, message: str) -> None:
    """What is not allowed is told by its field."""
    with pytest.raises(InvalidInput, match=message) as refused:
        rule(given)

    assert list(refused.value.by_field) == [field]
