"""What the store makes of networks and services that fail."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.contract.people import NOW, NOW_MS, move, person, signed_up
from tests.support.dynamodb.proxy import (
    Answer,
    cancelled,
    error,
    every,
    hanging,
    lost,
    lost_with_its_token,
    passed_on,
    status,
    well,
)
from tests.support.dynamodb_local import dynamodb_store
from tests.unit.stores.dynamodb.conftest import Faulty
from wicketgate.core.errors import ClaimTaken, Stale, StoreMisconfigured, StoreUnavailable
from wicketgate.core.limits import Limit
from wicketgate.core.users import OLD_API_TOKEN, Edit, api_token_claim, claims_of, email_claim
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.credentials import BotocoreCredentials

_FROZEN = SimpleNamespace(access_key="test", secret_key="test", token=None)

LIMIT = Limit("login", 5, 900_000)

PASSING: list[Answer] = [
    *(status(code) for code in (500, 502, 503, 504)),
    error("ThrottlingException"),
    error("ProvisionedThroughputExceededException"),
    error("RequestLimitExceeded"),
    error("TransactionInProgressException"),
    error("TransactionConflictException"),
]
REFUSING: list[tuple[Answer, str]] = [
    (error("AccessDeniedException"), "refuses"),
    (error("UnrecognizedClientException"), "refuses"),
    (error("ResourceNotFoundException"), "does not exist"),
    (error("ValidationException"), "does not take"),
]


async def test_a_store_that_hangs_is_given_up_in_time_and_found_again(faulty: Faulty) -> None:
    """A hanging store is reported within three seconds and answers the next call as if nothing had been."""
    ann = await signed_up(faulty.store)
    faulty.proxy.always = hanging
    began = time.monotonic()

    with pytest.raises(StoreUnavailable):
        await faulty.store.get(ann.id)
    took = time.monotonic() - began
    faulty.proxy.always = None

    assert took < 3
    assert await faulty.store.get(ann.id) == ann


async def test_a_store_that_is_gone_is_reported_at_once() -> None:
    """Where nothing listens, the call ends in StoreUnavailable well before the deadline."""
    store = dynamodb_store("http://127.0.0.1:9", "nowhere")
    began = time.monotonic()

    with pytest.raises(StoreUnavailable):
        await store.get("ann")

    assert time.monotonic() - began < 2
    await store.close()


@pytest.mark.parametrize("fault", PASSING)
async def test_a_passing_fault_is_tried_again(faulty: Faulty, fault: Answer) -> None:
    """One fault of each passing kind goes unnoticed."""
    faulty.proxy.faults.extend([fault])

    ann = await signed_up(faulty.store)

    assert await faulty.store.get(ann.id) == ann


@pytest.mark.parametrize("fault", PASSING)
async def test_a_lasting_fault_is_tried_three_times(faulty: Faulty, fault: Answer) -> None:
    """A fault that does not pass is reported after three attempts."""
    faulty.proxy.always = fault

    with pytest.raises(StoreUnavailable):
        await faulty.store.get("ann")

    assert faulty.proxy.seen == ["GetItem"] * 3


@pytest.mark.parametrize(("fault", "says"), REFUSING)
async def test_a_refusal_is_not_tried_again(faulty: Faulty, fault: Answer, says: str) -> None:
    """What no second attempt can mend is reported at once, as a fault of the set-up that names the table."""
    faulty.proxy.always = fault

    with pytest.raises(StoreMisconfigured, match=says) as raised:
        await faulty.store.get("ann")

    assert faulty.proxy.seen == ["GetItem"]
    assert "users-test-" in str(raised.value)


async def test_an_unknown_refusal_is_no_answer(faulty: Faulty) -> None:
    """An error that this version does not know, such as a refused clock, is StoreUnavailable with its name."""
    faulty.proxy.always = error("InvalidSignatureException")

    with pytest.raises(StoreUnavailable, match="InvalidSignatureException"):
        await faulty.store.get("ann")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"\xff", b""])
async def test_what_is_no_json_is_no_answer(faulty: Faulty, body: bytes) -> None:
    """Whatever sits in between and answers 200 for DynamoDB is a store out of reach."""
    faulty.proxy.always = well(body)

    with pytest.raises(StoreUnavailable, match="no JSON"):
        await faulty.store.get("ann")


async def test_another_protocol_is_no_answer() -> None:
    """A port where something else than HTTP is spoken is a store that is not there."""

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(speak, "127.0.0.1", 0)
    store = dynamodb_store(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", "nowhere")

    with pytest.raises(StoreUnavailable):
        await store.get("ann")

    await store.close()
    listening.close()


async def test_an_expired_key_is_asked_for_anew(faulty: Faulty) -> None:
    """When DynamoDB calls a key expired, whoever hands out keys is asked again; one who has no other is believed."""
    ann = await signed_up(faulty.sound)
    faulty.proxy.faults.extend([error("ExpiredTokenException")])
    keys = BotocoreCredentials(lambda: SimpleNamespace(get_frozen_credentials=lambda: _FROZEN))
    store = DynamoDBStore(faulty.store._dynamo.table, "us-east-1", faulty.proxy.endpoint, credentials=lambda: keys)

    found = await store.get(ann.id)
    faulty.proxy.faults.extend([error("ExpiredTokenException")])
    with pytest.raises(StoreUnavailable, match="ExpiredToken"):
        await faulty.store.get(ann.id)

    assert found == ann
    assert faulty.proxy.seen == ["GetItem"] * 3
    await store.close()


async def test_one_fault_in_five_goes_unnoticed(faulty: Faulty) -> None:
    """With every fifth request throttled, every sign-up succeeds and every limit stays exact."""
    faulty.proxy.always = every(5, error("ThrottlingException"))

    people = [await signed_up(faulty.store, f"user{number}") for number in range(20)]
    waits = [await faulty.store.take(LIMIT, "one source", NOW_MS) for _ in range(8)]

    assert [await faulty.store.get(user.id) for user in people] == people
    assert waits == [0] * 5 + [900_000] * 3


@pytest.mark.parametrize("fault", [lost, lost_with_its_token])
async def test_a_sign_up_whose_answer_was_lost_is_not_taken(faulty: Faulty, fault: Answer) -> None:
    """A sign-up that took effect unheard succeeds when it is sent again, whether its token was kept or not."""
    faulty.proxy.faults.extend([fault])

    ann = await signed_up(faulty.store)

    assert await faulty.sound.find(email_claim(ann.email)) == ann


async def test_a_sign_up_whose_answer_was_lost_may_still_be_taken(faulty: Faulty) -> None:
    """Losing an answer does not turn somebody else's address into one's own."""
    ann = await signed_up(faulty.sound)
    faulty.proxy.faults.extend([lost])

    with pytest.raises(ClaimTaken):
        await signed_up(faulty.store)

    assert await faulty.sound.find(email_claim(ann.email)) == ann


async def test_a_conflict_between_transactions_is_not_taken(faulty: Faulty) -> None:
    """A transaction cancelled for a conflict is tried again instead of being reported as a taken claim."""
    faulty.proxy.faults.extend([cancelled("None", "TransactionConflict")])

    ann = await signed_up(faulty.store)

    assert await faulty.sound.get(ann.id) == ann


async def test_a_failed_condition_beside_a_conflict_is_an_answer(faulty: Faulty) -> None:
    """A claim found taken is reported although another item of the transaction was in conflict."""
    faulty.proxy.faults.extend([cancelled("TransactionConflict", "ConditionalCheckFailed")])

    with pytest.raises(ClaimTaken):
        await signed_up(faulty.store)

    assert faulty.proxy.seen == ["TransactWriteItems"]


async def test_a_transaction_cancelled_for_no_condition_is_no_answer(faulty: Faulty) -> None:
    """A cancellation that says nothing about the data is StoreUnavailable."""
    faulty.proxy.always = cancelled("None", "ItemCollectionSizeLimitExceeded")

    with pytest.raises(StoreUnavailable):
        await signed_up(faulty.store)


async def test_an_edit_whose_answer_was_lost_is_not_stale(faulty: Faulty) -> None:
    """An edit that took effect unheard does not fail its own expectation when it is sent again."""
    ann = await signed_up(faulty.store)
    faulty.proxy.faults.extend([lost])
    edit = Edit(private={"passwordHash": "new"}, expect={"passwordHash": "hash of ann"})

    edited = await faulty.store.edit(ann.id, edit)

    assert edited == replace(ann, private={"passwordHash": "new"})


async def test_an_edit_after_a_fault_may_still_be_stale(faulty: Faulty) -> None:
    """A fault on the way does not turn somebody else's edit into one's own."""
    ann = await signed_up(faulty.store)
    await faulty.sound.edit(ann.id, Edit(private={"passwordHash": "other"}))
    faulty.proxy.faults.extend([status(500)])

    with pytest.raises(Stale):
        await faulty.store.edit(ann.id, Edit(private={"passwordHash": "new"}, expect={"passwordHash": "hash of ann"}))

    assert await faulty.sound.get(ann.id) == replace(ann, private={"passwordHash": "other"})


@pytest.mark.parametrize("fault", [lost, lost_with_its_token])
async def test_a_move_whose_answer_was_lost_happens_once(faulty: Faulty, fault: Answer) -> None:
    """A change of address that took effect unheard succeeds when it is sent again."""
    ann = await signed_up(faulty.store)
    faulty.proxy.faults.extend([fault])

    moved = await faulty.store.edit(ann.id, move(ann, "bob@example.com"))

    assert moved == replace(ann, email="bob@example.com")
    assert await faulty.sound.find(email_claim("ann@example.com")) is None


async def test_a_move_whose_answer_was_lost_may_still_be_taken(faulty: Faulty) -> None:
    """A fault on the way to somebody else's address does not turn it into one's own."""
    ann, bob = await signed_up(faulty.store), await signed_up(faulty.sound, "bob")
    faulty.proxy.faults.extend([lost])

    with pytest.raises(ClaimTaken):
        await faulty.store.edit(ann.id, move(ann, bob.email))

    assert await faulty.sound.find(email_claim(bob.email)) == bob
    assert await faulty.sound.get(ann.id) == ann


async def test_a_token_freed_unheard_is_freed_once(faulty: Faulty) -> None:
    """An edit that drops a claim and took effect unheard is neither stale nor made twice when it is sent again."""
    ann = person(private={OLD_API_TOKEN: "digest"})
    await faulty.store.create(ann, claims_of(ann))
    faulty.proxy.faults.extend([lost_with_its_token])
    drop = Edit(
        private={OLD_API_TOKEN: None},
        expect={OLD_API_TOKEN: "digest"},
        raise_api_token_version=True,
        drop_claims=(api_token_claim("digest"),),
    )

    edited = await faulty.store.edit(ann.id, drop)

    assert edited == replace(ann, private={}, api_token_version=2)


async def test_a_logout_whose_answer_was_lost_ends_one_session(faulty: Faulty) -> None:
    """A logout that took effect unheard is noted once."""
    ann = await signed_up(faulty.store)
    faulty.proxy.faults.extend([lost])

    await faulty.store.revoke(ann, "token", NOW + 60, NOW)

    assert await faulty.sound.get(ann.id) == replace(ann, revoked_sessions={"token": NOW + 60})


@pytest.mark.parametrize("fault", [lost, lost_with_its_token])
async def test_a_deletion_whose_answer_was_lost_is_one(faulty: Faulty, fault: Answer) -> None:
    """A deletion that took effect unheard still says that there was a user."""
    ann = await signed_up(faulty.store)
    faulty.proxy.faults.extend([passed_on, passed_on, fault])

    gone = await faulty.store.delete(ann.id)

    assert gone is True
    assert await faulty.sound.get(ann.id) is None


async def test_an_event_whose_answer_was_lost_is_never_forgotten(faulty: Faulty) -> None:
    """Lost answers may make a limit stricter, never looser."""
    faulty.proxy.always = every(2, lost)

    waits = [await faulty.store.take(LIMIT, "one source", NOW_MS) for _ in range(8)]

    assert 0 < waits.count(0) <= 5
    assert waits[-1] == 900_000


async def test_a_sign_up_does_not_fail_after_the_fact(faulty: Faulty) -> None:
    """A store that stops answering right after the transaction does not take the sign-up back."""
    ann = person()
    faulty.proxy.faults.extend([passed_on, *[status(503)] * 3])

    await faulty.store.create(ann, [email_claim(ann.email)])

    assert await faulty.sound.get(ann.id) == ann


async def test_a_caller_who_goes_away_takes_the_call_along(faulty: Faulty) -> None:
    """Cancelling a call ends it as cancelled, not as a fault of the store."""
    faulty.proxy.always = hanging
    call = asyncio.create_task(faulty.store.get("ann"))
    await asyncio.sleep(0.1)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
