# The function and the ways to reach it.

mock_provider "aws" {
  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn = "arn:aws:dynamodb:us-east-1:123456789012:table/users-prod"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/wicketgate-prod"
    }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn        = "arn:aws:lambda:us-east-1:123456789012:function:wicketgate-prod"
      invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/wicketgate-prod/invocations"
    }
  }

  mock_resource "aws_lambda_function_url" {
    defaults = {
      function_url = "https://abc123.lambda-url.us-east-1.on.aws/"
    }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      id            = "api123"
      api_endpoint  = "https://api123.execute-api.us-east-1.amazonaws.com"
      execution_arn = "arn:aws:execute-api:us-east-1:123456789012:api123"
    }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = {
      arn = "arn:aws:events:us-east-1:123456789012:rule/wicketgate-prod-outbox"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/wicketgate-prod"
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      type  = "SecureString"
      value = "kept in Parameter Store, 32 bytes"
    }
  }

  mock_data "aws_secretsmanager_secret_version" {
    defaults = {
      secret_string = "kept in Secrets Manager, 32 bytes"
    }
  }
}

variables {
  environment      = "prod"
  function_enabled = true
  # Any file does: nothing here opens it.
  package_path = "./versions.tf"
  secret_names = {
    JWT_SECRET = "/wicketgate/prod/jwt-secret"
  }
}

run "function_is_the_handler_with_its_settings" {
  assert {
    condition     = aws_lambda_function.service[0].handler == "wicketgate.aws_lambda.handler" && aws_lambda_function.service[0].runtime == "python3.13"
    error_message = "The function must run the service's handler on Python 3.13."
  }

  assert {
    condition     = aws_lambda_function.service[0].function_name == "wicketgate-prod" && output.function_name == "wicketgate-prod"
    error_message = "The function must be called wicketgate-<environment>."
  }

  assert {
    condition     = aws_lambda_function.service[0].filename == "./versions.tf" && aws_lambda_function.service[0].source_code_hash == filebase64sha256("./versions.tf")
    error_message = "The package must be what package_path names, and a new one must be noticed."
  }

  assert {
    condition     = aws_lambda_function.service[0].architectures == tolist(["arm64"]) && aws_lambda_function.service[0].memory_size == 1769 && aws_lambda_function.service[0].timeout == 15 && aws_lambda_function.service[0].reserved_concurrent_executions == -1
    error_message = "The defaults must be arm64, one whole core, 15 seconds and no reservation."
  }

  assert {
    condition = nonsensitive(aws_lambda_function.service[0].environment[0].variables) == tomap({
      ENVIRONMENT         = "production"
      DYNAMODB_TABLE_NAME = "users-prod"
      JWT_SECRET          = "kept in Parameter Store, 32 bytes"
    })
    error_message = "The environment must be production, the table and the secret, and nothing else unasked."
  }

  assert {
    condition     = issensitive(aws_lambda_function.service[0].environment[0].variables["JWT_SECRET"])
    error_message = "Terraform must not print a secret."
  }

  assert {
    condition     = aws_cloudwatch_log_group.service[0].name == "/aws/lambda/wicketgate-prod" && aws_cloudwatch_log_group.service[0].retention_in_days == 30 && output.log_group_name == "/aws/lambda/wicketgate-prod"
    error_message = "Logs must be kept for 30 days in the function's own group."
  }
}

run "role_has_the_least_rights" {
  assert {
    condition     = aws_iam_role_policy.service_table[0].policy == output.service_policy_json
    error_message = "The function must have the service's policy, and not the operators'."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.service_logs[0].policy).Statement[0].Resource == "${aws_cloudwatch_log_group.service[0].arn}:*"
    error_message = "The function must write to its own log group only."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.service_logs[0].policy).Statement[0].Action == ["logs:CreateLogStream", "logs:PutLogEvents"]
    error_message = "Terraform makes the log group; the function must not."
  }

  assert {
    condition     = jsondecode(aws_iam_role.service[0].assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Only Lambda may take the role."
  }
}

run "function_url_by_default" {
  assert {
    condition     = aws_lambda_function_url.service[0].authorization_type == "NONE" && output.service_url == "https://abc123.lambda-url.us-east-1.on.aws"
    error_message = "The service must have a public URL, given out without the slash at its end."
  }

  assert {
    condition     = aws_lambda_permission.function_url[0].action == "lambda:InvokeFunctionUrl" && aws_lambda_permission.function_url[0].function_url_auth_type == "NONE"
    error_message = "Anybody must be allowed to use the URL."
  }

  assert {
    condition     = aws_lambda_permission.function_by_url[0].action == "lambda:InvokeFunction" && aws_lambda_permission.function_by_url[0].invoked_via_function_url
    error_message = "Anybody must be allowed to call the function, by the URL only."
  }

  assert {
    condition     = length(aws_apigatewayv2_api.service) == 0 && length(aws_lambda_permission.http_api) == 0 && output.http_api_id == null
    error_message = "There must be no HTTP API beside the URL."
  }
}

run "http_api_instead" {
  variables {
    endpoint = "http_api"
  }

  assert {
    condition     = aws_apigatewayv2_api.service[0].protocol_type == "HTTP" && aws_apigatewayv2_integration.service[0].payload_format_version == "2.0" && aws_apigatewayv2_integration.service[0].timeout_milliseconds == 16000
    error_message = "It must be an HTTP API that speaks format 2.0 and waits longer than the function may take."
  }

  assert {
    condition     = aws_apigatewayv2_route.service[0].route_key == "$default" && aws_apigatewayv2_stage.service[0].name == "$default" && aws_apigatewayv2_stage.service[0].auto_deploy
    error_message = "Every path must reach the service, without a prefix."
  }

  assert {
    condition     = aws_lambda_permission.http_api[0].source_arn == "arn:aws:execute-api:us-east-1:123456789012:api123/*"
    error_message = "Only this API may call the function."
  }

  assert {
    condition     = output.service_url == "https://api123.execute-api.us-east-1.amazonaws.com" && output.http_api_id == "api123"
    error_message = "The outputs must be the API's."
  }

  assert {
    condition     = length(aws_lambda_function_url.service) == 0 && length(aws_lambda_permission.function_url) == 0 && length(aws_lambda_permission.function_by_url) == 0
    error_message = "There must be no URL beside the API, and no right for anybody."
  }
}

run "no_endpoint" {
  variables {
    endpoint = "none"
  }

  assert {
    condition     = length(aws_lambda_function.service) == 1 && length(aws_lambda_function_url.service) == 0 && length(aws_apigatewayv2_api.service) == 0 && output.service_url == null
    error_message = "The function must be there with no way in."
  }
}

run "numbers_and_settings_reach_the_function" {
  variables {
    architecture         = "x86_64"
    memory_mb            = 512
    timeout_seconds      = 29
    reserved_concurrency = 20
    log_retention_days   = 7
    public_url           = "https://login.example.com"
    settings             = { ALLOWED_ORIGINS = "https://www.example.com" }
  }

  assert {
    condition     = aws_lambda_function.service[0].architectures == tolist(["x86_64"]) && aws_lambda_function.service[0].memory_size == 512 && aws_lambda_function.service[0].timeout == 29 && aws_lambda_function.service[0].reserved_concurrent_executions == 20
    error_message = "architecture, memory_mb, timeout_seconds and reserved_concurrency must be passed on."
  }

  assert {
    condition     = aws_cloudwatch_log_group.service[0].retention_in_days == 7
    error_message = "log_retention_days must be passed on."
  }

  assert {
    condition     = nonsensitive(aws_lambda_function.service[0].environment[0].variables["PUBLIC_URL"]) == "https://login.example.com" && nonsensitive(aws_lambda_function.service[0].environment[0].variables["ALLOWED_ORIGINS"]) == "https://www.example.com"
    error_message = "public_url and settings must be passed on."
  }
}

run "secrets_from_secrets_manager" {
  variables {
    secret_store = "secretsmanager" #checkov:skip=CKV_SECRET_6:The name of a store.
    secret_names = {
      JWT_SECRET          = "wicketgate/prod/jwt"          #checkov:skip=CKV_SECRET_6:The name of a secret.
      JWT_SECRET_PREVIOUS = "wicketgate/prod/jwt-previous" #checkov:skip=CKV_SECRET_6:The name of a secret.
    }
  }

  assert {
    condition     = nonsensitive(aws_lambda_function.service[0].environment[0].variables["JWT_SECRET_PREVIOUS"]) == "kept in Secrets Manager, 32 bytes"
    error_message = "Every secret must come from Secrets Manager."
  }

  assert {
    condition     = length(data.aws_ssm_parameter.secret) == 0
    error_message = "Parameter Store must not be asked as well."
  }
}

run "short_secret_is_refused" {
  command = plan

  override_data {
    target = data.aws_ssm_parameter.secret
    values = {
      type  = "SecureString"
      value = "31 characters are one too few.."
    }
  }

  expect_failures = [data.aws_ssm_parameter.secret]
}

run "secret_in_the_clear_is_refused" {
  command = plan

  override_data {
    target = data.aws_ssm_parameter.secret
    values = {
      type  = "String"
      value = "long enough, but everybody can read it"
    }
  }

  expect_failures = [data.aws_ssm_parameter.secret]
}

run "short_secret_in_secrets_manager_is_refused" {
  command = plan

  variables {
    secret_store = "secretsmanager" #checkov:skip=CKV_SECRET_6:The name of a store.
  }

  override_data {
    target = data.aws_secretsmanager_secret_version.secret
    values = {
      secret_string = "31 characters are one too few.."
    }
  }

  expect_failures = [data.aws_secretsmanager_secret_version.secret]
}

run "without_mail_nobody_calls_each_minute" {
  assert {
    condition     = length(aws_cloudwatch_event_rule.outbox) == 0 && length(aws_cloudwatch_event_target.outbox) == 0 && length(aws_lambda_permission.outbox) == 0 && length(aws_lambda_function_event_invoke_config.outbox) == 0
    error_message = "A service that leaves nothing to be done must not be called for it."
  }
}

run "with_mail_it_is_called_each_minute" {
  variables {
    public_url = "https://login.example.com"
    settings   = { SMTP_HOST = "email-smtp.us-east-1.amazonaws.com", MAIL_FROM = "login@acme.example" }
  }

  assert {
    condition     = aws_cloudwatch_event_rule.outbox[0].schedule_expression == "rate(1 minute)" && aws_cloudwatch_event_target.outbox[0].arn == aws_lambda_function.service[0].arn
    error_message = "The function must be called each minute."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.outbox[0].input) == { wicketgate = "outbox" }
    error_message = "It must be told what for."
  }

  assert {
    condition     = aws_lambda_permission.outbox[0].principal == "events.amazonaws.com" && aws_lambda_permission.outbox[0].source_arn == aws_cloudwatch_event_rule.outbox[0].arn
    error_message = "Only this rule may call it so."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.outbox[0].maximum_retry_attempts == 0
    error_message = "The next minute must be the next attempt."
  }
}

run "a_webhook_is_called_for_as_well" {
  variables {
    settings = { AUDIT_WEBHOOK_URL = "https://audit.example.com/events" }
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.outbox) == 1
    error_message = "Webhooks wait like mail."
  }
}

run "the_schedule_can_be_turned_off" {
  variables {
    settings                = { AUDIT_WEBHOOK_URL = "https://audit.example.com/events" }
    outbox_schedule_enabled = false
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.outbox) == 0
    error_message = "Who sends in another way must be able to do without."
  }
}
