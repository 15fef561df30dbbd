"""The table that Terraform makes is the one that the code uses, and the one of the design."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tests.terraform.module import local, outputs, parsed, resource, resources, variables
from wicketgate.settings import Settings
from wicketgate.stores.dynamodb import table as layout
from wicketgate.stores.dynamodb.keys import KEY
from wicketgate.stores.dynamodb.limits import EXPIRES

USERS = resource("aws_dynamodb_table", "users")


def test_the_code_finds_nothing_to_complain_of() -> None:
    """`wicketgate table check` would accept the table that the module describes, as it is written."""
    assert layout.differing(_described(USERS), _time_to_live(USERS)) == []


def test_the_check_above_would_notice() -> None:
    """With another key, index or projection the same description is refused."""
    (index,) = USERS["global_secondary_index"]
    keys_only = [{**index, "projection_type": "KEYS_ONLY"}]

    assert layout.differing(_described({**USERS, "hash_key": "email"}), None)
    assert layout.differing(_described({**USERS, "global_secondary_index": []}), None)
    assert layout.differing(_described({**USERS, "global_secondary_index": keys_only}), None)
    assert layout.differing(_described(USERS), _time_to_live({"ttl": [{"attribute_name": "x", "enabled": True}]}))


def test_it_is_the_table_that_the_command_line_makes() -> None:
    """Key, attributes, index, projection and billing are those of `wicketgate table create`, none more."""
    made = layout._LAYOUT
    described = _described(USERS)

    for part in ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode"):
        assert described[part] == made[part]


def test_names_are_the_code_s() -> None:
    """Key, index and expiry are spelled as the constants in the code."""
    assert USERS["hash_key"] == KEY
    assert [index["name"] for index in USERS["global_secondary_index"]] == [layout.INDEX]
    assert USERS["ttl"] == [{"attribute_name": EXPIRES, "enabled": True}]
    assert local("index_arn") == f"${{aws_dynamodb_table.users.arn}}/index/{layout.INDEX}"


def test_it_is_the_table_of_the_design() -> None:
    """Name, billing, backups, encryption and tags are the design's, and the table is protected by a variable."""
    assert USERS["name"] == "users-${var.environment}"
    assert USERS["billing_mode"] == "PAY_PER_REQUEST"
    assert USERS["point_in_time_recovery"] == [{"enabled": True}]
    assert USERS["server_side_encryption"] == [{"enabled": True}]
    assert USERS["deletion_protection_enabled"] == "${var.deletion_protection}"
    assert USERS["tags"] == {
        "Name": "Users Table",
        "Environment": "${var.environment}",
        "ManagedBy": "Terraform",
        "Application": "UserAuthentication",
    }


def test_variables_and_outputs_of_the_design() -> None:
    """Both variables have the design's defaults, both outputs its names and values."""
    assert variables()["environment"]["default"] == "dev"
    assert variables()["aws_region"]["default"] == "us-east-1"
    assert outputs()["dynamodb_users_table_name"]["value"] == "${aws_dynamodb_table.users.name}"
    assert outputs()["dynamodb_users_table_arn"]["value"] == "${aws_dynamodb_table.users.arn}"


def test_the_function_s_environment_is_made_of_settings() -> None:
    """The variables that the module sets by itself are settings of the service, with values that it accepts."""
    (environment,) = resource("aws_lambda_function", "service")["environment"]
    known = {setting.name.upper() for setting in fields(Settings)}

    for name in ("ENVIRONMENT", "DYNAMODB_TABLE_NAME", "PUBLIC_URL", "JWT_SECRET", "API_TOKEN_SECRET"):
        assert name in known
    assert 'ENVIRONMENT = "production"' in environment["variables"]
    assert "DYNAMODB_TABLE_NAME = aws_dynamodb_table.users.name" in environment["variables"]
    assert "{PUBLIC_URL = var.public_url}" in environment["variables"]
    Settings(environment="production", jwt_secret="x" * 32)


def test_every_part_lies_in_the_region_asked_for() -> None:
    """Whatever has a region has `aws_region`; IAM has none."""
    elsewhere = {f"{kind}.{name}" for kind, name, body in resources() if body.get("region") != "${var.aws_region}"}

    assert elsewhere == {
        "aws_iam_role.service",
        "aws_iam_role_policy.service_table",
        "aws_iam_role_policy.service_logs",
        "aws_iam_policy.operator",
    }


def test_the_module_brings_no_provider_of_its_own() -> None:
    """A module with a provider in it could be neither counted nor removed."""
    assert "provider" not in parsed()


def _described(body: dict[str, Any]) -> dict[str, Any]:
    """The table in the words in which DynamoDB describes one."""
    return {
        "BillingMode": body["billing_mode"],
        "KeySchema": _keys(body),
        "AttributeDefinitions": [
            {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
            for attribute in body["attribute"]
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index["name"],
                "KeySchema": _keys(index),
                "Projection": {"ProjectionType": index["projection_type"]},
            }
            for index in body["global_secondary_index"]
        ],
    }


def _keys(body: dict[str, Any]) -> list[dict[str, str]]:
    given = (("HASH", body.get("hash_key")), ("RANGE", body.get("range_key")))
    return [{"AttributeName": name, "KeyType": kind} for kind, name in given if name is not None]


def _time_to_live(body: dict[str, Any]) -> dict[str, str]:
    (ttl,) = body["ttl"]
    return {
        "TimeToLiveStatus": "ENABLED" if ttl["enabled"] else "DISABLED",
        "AttributeName": ttl["attribute_name"],
    }
