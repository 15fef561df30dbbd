# The table alone: what the design says, and what two variables change.

mock_provider "aws" {
  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn = "arn:aws:dynamodb:us-east-1:123456789012:table/users-dev"
    }
  }
}

run "defaults_make_the_table_of_the_design" {
  assert {
    condition     = aws_dynamodb_table.users.name == "users-dev"
    error_message = "The table must be called users-<environment>."
  }

  assert {
    condition     = aws_dynamodb_table.users.billing_mode == "PAY_PER_REQUEST"
    error_message = "The table must be paid by request."
  }

  assert {
    condition     = aws_dynamodb_table.users.hash_key == "userId" && aws_dynamodb_table.users.range_key == null
    error_message = "The key must be userId alone."
  }

  assert {
    condition     = { for attribute in aws_dynamodb_table.users.attribute : attribute.name => attribute.type } == { userId = "S", email = "S" }
    error_message = "The key attributes must be the strings userId and email."
  }

  assert {
    condition = one([
      for index in aws_dynamodb_table.users.global_secondary_index :
      "${index.name} ${index.hash_key} ${index.projection_type}"
    ]) == "EmailIndex email ALL"
    error_message = "There must be one index, EmailIndex on email, projecting all."
  }

  assert {
    condition     = aws_dynamodb_table.users.ttl[0].enabled && aws_dynamodb_table.users.ttl[0].attribute_name == "expiresAt"
    error_message = "Items must expire by expiresAt."
  }

  assert {
    condition     = aws_dynamodb_table.users.point_in_time_recovery[0].enabled && aws_dynamodb_table.users.server_side_encryption[0].enabled
    error_message = "The table must be backed up and encrypted."
  }

  assert {
    condition     = aws_dynamodb_table.users.deletion_protection_enabled
    error_message = "A table of users must not be deletable by default."
  }

  assert {
    condition = aws_dynamodb_table.users.tags == tomap({
      Name        = "Users Table"
      Environment = "dev"
      ManagedBy   = "Terraform"
      Application = "UserAuthentication"
    })
    error_message = "The tags must be those of the design."
  }

  assert {
    condition     = output.dynamodb_users_table_name == "users-dev" && output.dynamodb_users_table_arn == aws_dynamodb_table.users.arn
    error_message = "Both outputs of the design must be there."
  }
}

run "nothing_else_is_made_unasked" {
  assert {
    condition = 0 == length(concat(
      aws_lambda_function.service,
      aws_lambda_function_url.service,
      aws_apigatewayv2_api.service,
      aws_iam_role.service,
      aws_iam_policy.operator,
      aws_cloudwatch_log_group.service,
      aws_cloudwatch_metric_alarm.table_throttles,
      aws_cloudwatch_metric_alarm.function_errors,
    ))
    error_message = "By default there must be the table and nothing else."
  }

  assert {
    condition     = output.service_url == null && output.function_name == null && output.function_role_arn == null && output.http_api_id == null && output.log_group_name == null && output.operator_policy_arn == null
    error_message = "Outputs of parts that are not there must be null."
  }
}

run "environment_names_table_and_tag" {
  variables {
    environment = "prod"
  }

  assert {
    condition     = aws_dynamodb_table.users.name == "users-prod" && aws_dynamodb_table.users.tags["Environment"] == "prod"
    error_message = "environment must name the table and its tag."
  }
}

run "deletion_protection_can_be_turned_off" {
  variables {
    deletion_protection = false
  }

  assert {
    condition     = !aws_dynamodb_table.users.deletion_protection_enabled
    error_message = "deletion_protection = false must be passed on."
  }
}

run "operators_may_scan_and_the_service_may_not" {
  variables {
    operator_policy_enabled = true
  }

  assert {
    condition     = length(aws_iam_policy.operator) == 1 && aws_iam_policy.operator[0].policy == output.operator_policy_json
    error_message = "operator_policy_enabled must make the policy."
  }

  assert {
    condition     = [for statement in jsondecode(output.operator_policy_json).Statement : statement.Resource] == [output.dynamodb_users_table_arn, "${output.dynamodb_users_table_arn}/index/EmailIndex", output.dynamodb_users_table_arn]
    error_message = "Operators must reach this table and its index only."
  }

  assert {
    condition     = [for statement in slice(jsondecode(output.operator_policy_json).Statement, 1, 3) : statement.Action] == [["dynamodb:Scan"], ["dynamodb:Scan"]]
    error_message = "Beside the service's rights operators need Scan and nothing else."
  }

  assert {
    condition     = [for statement in jsondecode(output.service_policy_json).Statement : statement.Resource] == [output.dynamodb_users_table_arn]
    error_message = "The service must reach this table only."
  }

  assert {
    condition     = !strcontains(output.service_policy_json, "Scan") && !strcontains(output.service_policy_json, "*")
    error_message = "The service must have no Scan and no wildcard."
  }
}
