"""The rights that Terraform grants are those that the code needs: none missing, none left over.

That no other way of calling the store needs more is held by the contract's own tests, each for itself (their
`conftest.py`).
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.contract.people import NOW, NOW_MS, move, person, signed_up
from tests.support.dynamodb_local import dynamodb_local, dynamodb_store, random_table
from tests.terraform.module import local, resource, resources
from tests.terraform.recorder import Recorder, Right, recorder_before
from wicketgate.core import ports
from wicketgate.core.audit import AuditEntry
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Store
from wicketgate.core.users import Claim, Edit, email_claim
from wicketgate.stores.dynamodb.table import INDEX

__all__ = ["dynamodb_local"]

LIMIT = Limit("login", 1, 900_000)
PORTS = (
    ports.Users,
    ports.Sessions,
    ports.Limits,
    ports.Guards,
    ports.Outbox,
    ports.AuditTrail,
    ports.Directory,
    ports.Service,
)
METHODS = {name for port in PORTS for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}
BY_TERRAFORM = {"create_table"}
LISTING_USERS = {"page"}
LISTING_THE_TRAIL = {"audit_page"}
BY_OPERATORS = LISTING_USERS | LISTING_THE_TRAIL


class Noting:
    """A store that notes the rights which each of its methods needs."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store = store
        self._recorder = recorder
        self.needed: dict[str, set[Right]] = {}

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def noted(*given: Any) -> Any:
            self._recorder.taken()
            try:
                return await getattr(self._store, name)(*given)
            finally:
                self.needed.setdefault(name, set()).update(self._recorder.taken())

        return noted


@pytest.fixture
def recorder(dynamodb_local: str) -> Iterator[Recorder]:
    """A recorder in front of DynamoDB Local."""
    with recorder_before(dynamodb_local) as made:
        yield made


@pytest.fixture
async def needed(recorder: Recorder) -> dict[str, set[Right]]:
    """The rights that each method of the store needs, all on its own table."""
    table = random_table()
    noting = Noting(dynamodb_store(recorder.endpoint, table), recorder)
    await use_everything(noting)
    assert {right.table for rights in noting.needed.values() for right in rights} == {table}
    return noting.needed


async def use_everything(store: Any) -> None:
    """Calls every method of every port, in each way that makes another kind of call."""
    await store.create_table()
    await store.check()
    await store.ping()

    ann = await signed_up(store)
    await store.find(email_claim(ann.email))
    await store.edit(ann.id, Edit(fields={"name": "Ann"}))
    await store.edit(ann.id, Edit(add_claims=(Claim("passkey", "k"),)))
    await store.edit(ann.id, move(ann, "other@example.com"))
    moved = replace(ann, email="other@example.com")
    await store.revoke(moved, "token", NOW + 60, NOW)

    for _ in range(2):
        await store.take(LIMIT, "192.0.2.1", NOW_MS)
        await store.note_failure(email_claim(moved.email), LIMIT, NOW_MS)
    await store.peek(LIMIT, "192.0.2.1", NOW_MS)
    await store.find_guarded(email_claim(moved.email), LIMIT, NOW_MS)
    await store.find_guarded(email_claim("nobody@example.com"), LIMIT, NOW_MS)

    await use_the_outbox(store)
    await store.note_audit(AuditEntry(ann.id, NOW_MS, "login", NOW + 60))
    await store.audit_of(ann.id, NOW_MS, NOW_MS)
    await store.audit_page(None, 10, NOW_MS)
    await store.forget_audit(ann.id, NOW_MS, NOW_MS)
    await store.page(None, 10)
    await store.get(ann.id)
    await store.delete(ann.id)
    await store.create(person("bob"), [])
    await store.close()


async def use_the_outbox(store: Any) -> None:
    """Puts a job, the first in its place, and does with it what can be done."""
    await store.put_job(Job("job", "mail", {}, NOW_MS))
    await store.jobs(10)
    (leased,) = await store.lease_jobs(NOW_MS, NOW_MS + 1, 10)
    await store.postpone_job(leased, NOW_MS)
    await store.drop_job(leased)


async def test_every_method_is_looked_at(needed: dict[str, set[Right]]) -> None:
    """No method of a port was left out, so that a new one cannot need a right unnoticed."""
    assert set(needed) == METHODS


async def test_the_service_has_what_it_needs_and_no_more(needed: dict[str, set[Right]]) -> None:
    """The actions granted on the table are exactly those that serving takes, and none of them is on an index."""
    serving = _of(needed, METHODS - BY_TERRAFORM - BY_OPERATORS)

    assert {right.action for right in serving} == set(local("service_table_actions"))
    assert {right.index for right in serving} == {""}
    assert "dynamodb:Scan" not in local("service_table_actions")


async def test_operators_have_what_they_need_and_no_more(needed: dict[str, set[Right]]) -> None:
    """Listing users takes exactly the actions granted on the index, and listing the trail those on the table."""
    users, trail = _of(needed, LISTING_USERS), _of(needed, LISTING_THE_TRAIL)

    assert {right.action for right in users} == set(local("operator_index_actions"))
    assert {right.index for right in users} == {INDEX}
    assert {right.action for right in trail} == set(local("operator_table_actions"))
    assert {right.index for right in trail} == {""}


def test_rights_are_for_this_table_and_its_index_only() -> None:
    """Each statement names one resource, without a wildcard: the table, or its index."""
    service, operator = local("service_statement"), local("operator_statement")
    trail = local("operator_table_statement")

    assert service["Resource"] == "${aws_dynamodb_table.users.arn}"
    assert service["Action"] == "${local.service_table_actions}"
    assert operator["Resource"] == "${local.index_arn}"
    assert operator["Action"] == "${local.operator_index_actions}"
    assert trail["Resource"] == "${aws_dynamodb_table.users.arn}"
    assert trail["Action"] == "${local.operator_table_actions}"
    granted = ("service_table_actions", "operator_index_actions", "operator_table_actions")
    for action in (action for name in granted for action in local(name)):
        assert action.startswith("dynamodb:")
        assert "*" not in action


def test_no_other_policy_is_attached() -> None:
    """The function has two policies, its own on the table and one on its log; operators have one."""
    policies = {f"{kind}.{name}": body["policy"] for kind, name, body in resources() if "policy" in body}

    assert set(policies) == {
        "aws_iam_role_policy.service_table",
        "aws_iam_role_policy.service_logs",
        "aws_iam_policy.operator",
    }
    assert policies["aws_iam_role_policy.service_table"] == "${local.service_policy}"
    assert policies["aws_iam_policy.operator"] == "${local.operator_policy}"
    assert "Statement = [local.service_statement]" in local("service_policy")
    assert "managed_policy_arns" not in resource("aws_iam_role", "service")
    assert not any(kind.endswith("_attachment") for kind, _, _ in resources())


def _of(needed: dict[str, set[Right]], methods: set[str]) -> set[Right]:
    return set().union(*(needed[name] for name in methods))
