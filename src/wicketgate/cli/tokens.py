"""`wicketgate tokens`: a user's API tokens with a name."""

from __future__ import annotations

import argparse
import sys

import msgspec

from wicketgate.app import Wicketgate
from wicketgate.cli.users import found_user, run
from wicketgate.core import named_tokens
from wicketgate.core.clock import iso
from wicketgate.core.errors import WicketgateError
from wicketgate.core.named_tokens import NamedToken
from wicketgate.features.api_tokens.named_api import token_view


class TokenUnknown(WicketgateError):
    """The user has no such token."""


def list_tokens(chosen: argparse.Namespace) -> int:
    """Lists a user's named tokens."""
    return run(_list, chosen)


def revoke(chosen: argparse.Namespace) -> int:
    """Revokes one of them."""
    return run(_revoke, chosen)


async def _list(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    tokens = gate.api_tokens.named(await found_user(gate, chosen.user))
    for token in tokens:
        print(msgspec.json.encode(token_view(token)).decode() if chosen.json else _line(token))
    if not tokens and not chosen.json:
        print("No named tokens.", file=sys.stderr)
    return 0


async def _revoke(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    record = await found_user(gate, chosen.user)
    token_id = named_tokens.token_id(chosen.token)
    if not await gate.api_tokens.revoke(record, token_id, by_operator=True):
        raise TokenUnknown(f"{record.email} has no token {token_id}")
    print(f"Revoked {token_id} of {record.email}")
    return 0


def _line(token: NamedToken) -> str:
    expires = f"expires {_day(token.expires_at)}" if token.expires_at else "no end"
    used = f"used {_day(token.used_at)}" if token.used_at else "never used"
    limit = f"{token.limit} calls" if token.limit else "no limit"
    return "  ".join([token.id, token.name, " ".join(token.scopes) or "no scopes", expires, used, limit])


def _day(seconds: int) -> str:
    return iso(seconds * 1000)[:10]
