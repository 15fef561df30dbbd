"""What is tried again, and when."""

from __future__ import annotations

import json

import pytest

from wicketgate.stores.dynamodb.retries import passing, pauses, summary


def said(kind: str, *codes: str) -> bytes:
    """An error as DynamoDB says it."""
    body: dict[str, object] = {"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "why"}
    if codes:
        body["CancellationReasons"] = [{"Code": code} for code in codes]
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("status", "body", "again"),
    [
        (500, b"", True),
        (502, b"<html>", True),
        (504, b"<html>", True),
        (400, said("ThrottlingException"), True),
        (400, said("RequestLimitExceeded"), True),
        (400, said("TransactionInProgressException"), True),
        (400, said("TransactionCanceledException", "None", "TransactionConflict"), True),
        (400, said("TransactionCanceledException", "ThrottlingError", "None"), True),
        (400, said("TransactionCanceledException", "ConditionalCheckFailed", "TransactionConflict"), False),
        (400, said("TransactionCanceledException", "None", "ValidationError"), False),
        (400, said("ConditionalCheckFailedException"), False),
        (400, said("AccessDeniedException"), False),
        (400, b"<html>", False),
        (400, b"[]", False),
        (403, b"", False),
    ],
)
def test_only_what_may_pass_is_tried_again(status: int, body: bytes, again: bool) -> None:
    """Faults of the network and of capacity are tried again, answers are not."""
    assert passing(status, body) is again


def test_a_fault_is_one_line_in_the_log() -> None:
    """The summary has the status, the error's name and its message, and never more than 300 characters."""
    assert summary(400, said("ThrottlingException")) == "400 ThrottlingException why"
    assert summary(502, b"<html>") == "502"
    assert len(summary(400, json.dumps({"__type": "x#Y", "message": "z" * 1000}).encode())) == 300


def test_attempts_are_few_and_soon() -> None:
    """There are three attempts, the first at once and all within a second."""
    for _ in range(100):
        first, second = pauses()

        assert min(first, second) >= 0.025
        assert first + second < 1


def test_those_who_failed_together_part_ways() -> None:
    """The pauses are random."""
    assert len({tuple(pauses()) for _ in range(20)}) > 10
