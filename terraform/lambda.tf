locals {
  function_name = "wicketgate-${var.environment}"

  tags = {
    Environment = var.environment
    ManagedBy   = "Terraform"
    Application = "UserAuthentication"
  }
}

resource "aws_lambda_function" "service" {
  #checkov:skip=CKV_AWS_50:The service sends its own traces, to where OpenTelemetry is told to; X-Ray would need a right more.
  #checkov:skip=CKV_AWS_116:A dead letter queue is for asynchronous calls. The only one here is the schedule, and what it did not do the next one does.
  #checkov:skip=CKV_AWS_117:The function calls DynamoDB and nothing else, over TLS and signed. A network of its own would add a gateway, its price and a slower start.
  #checkov:skip=CKV_AWS_173:Lambda encrypts the variables with its own key. A key of one's own would not hide them from who may read the function's configuration, only from who may not use the key; add kms_key_arn where a rule asks for it.
  #checkov:skip=CKV_AWS_272:The package comes from the same machine and the same hands as the apply; its hash is checked below.
  count = var.function_enabled ? 1 : 0

  region        = var.aws_region
  function_name = local.function_name
  description   = "User authentication for ${aws_dynamodb_table.users.name}"
  role          = aws_iam_role.service[0].arn

  filename         = var.package_path
  source_code_hash = filebase64sha256(var.package_path)
  handler          = "wicketgate.aws_lambda.handler"
  runtime          = "python3.13"
  architectures    = [var.architecture]

  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = merge(
      var.settings,
      {
        # Production whatever the environment is called: it is reached over https by people.
        ENVIRONMENT         = "production"
        DYNAMODB_TABLE_NAME = aws_dynamodb_table.users.name
      },
      var.public_url == null ? {} : { PUBLIC_URL = var.public_url },
      local.secrets,
    )
  }

  logging_config {
    # The service writes JSON lines itself; as JSON Lambda would wrap them once more.
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.service[0].name
  }

  tags = local.tags

  # Without its rights the first copy would start, fail its check of the table, and answer errors.
  depends_on = [aws_iam_role_policy.service_table, aws_iam_role_policy.service_logs]
}

resource "aws_cloudwatch_log_group" "service" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts logs with its own key; they hold no secret, password or token.
  #checkov:skip=CKV_AWS_338:log_retention_days is a variable. Logs hold clients' networks and users' ids, which a year is too long for by default.
  count = var.function_enabled ? 1 : 0

  region            = var.aws_region
  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}
