"""Conditions on users whom other code has written."""

from __future__ import annotations

import pytest
from aiodynamo.expressions import Parameters

from wicketgate.stores.dynamodb.expressions import still_at


@pytest.mark.parametrize(("version", "may_be_absent"), [(1, True), (2, False), (None, False)])
def test_a_user_without_a_version_is_at_the_first(version: int | None, may_be_absent: bool) -> None:
    """An item that has no session version passes for the first, and for no later one."""
    parameters = Parameters()

    condition = still_at(version).encode(parameters)

    assert ("attribute_not_exists" in condition) is may_be_absent
    assert "attribute_exists" in condition
