"""What an error of the driver means. The messages are for the log and for `wicketgate check`, never for clients."""

from __future__ import annotations

from typing import Final

from aiodynamo.errors import (
    AccessDenied,
    AIODynamoError,
    ConditionalCheckFailed,
    IncompleteSignature,
    MissingAuthenticationToken,
    NoCredentialsFound,
    TableNotFound,
    TransactionCanceled,
    UnrecognizedClient,
    ValidationException,
)
from aiodynamo.http.types import RequestFailed

from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable, WicketgateError

_ANSWERS: Final = (ConditionalCheckFailed, TransactionCanceled)
_REFUSALS: Final = (AccessDenied, UnrecognizedClient, IncompleteSignature, MissingAuthenticationToken)
_FAULTS: Final = (
    AIODynamoError,
    RequestFailed,
    TimeoutError,
    OSError,
)


def meaning(error: BaseException, table: str, detail: str) -> WicketgateError | None:
    """The error of ours that stands for one of the driver, None for those that are answers or none of its.

    `detail` is what DynamoDB last said.
    """
    if isinstance(error, _ANSWERS) or not isinstance(error, _FAULTS):
        return None
    if isinstance(error, TableNotFound):
        return StoreMisconfigured(f"table {table} does not exist; `wicketgate table create` makes it")
    if isinstance(error, NoCredentialsFound):
        return StoreMisconfigured(
            "no AWS credentials: looked at the environment, the profile, the container and the instance"
            " (wicketgate[aws] adds SSO, web identity and assumed roles)"
        )
    if isinstance(error, _REFUSALS):
        return StoreMisconfigured(f"AWS refuses these credentials on table {table}: {detail}")
    if isinstance(error, ValidationException):
        return StoreMisconfigured(f"table {table} does not take this request: {detail}")
    if isinstance(error, TimeoutError):
        return StoreUnavailable(f"DynamoDB: {detail or 'no answer'} in time")
    cause = error.inner if isinstance(error, RequestFailed) else error
    return StoreUnavailable(f"DynamoDB: {detail or repr(cause)}")
