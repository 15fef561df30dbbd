# What wakes somebody. Each alarm is for something that people notice at the login page.

locals {
  table_alarm_count    = length(var.alarm_topic_arns) > 0 ? 1 : 0
  function_alarm_count = var.function_enabled ? local.table_alarm_count : 0
  endpoint_alarm_count = var.endpoint == "none" ? 0 : local.function_alarm_count

  # A function that answers 500 has not failed in Lambda's eyes; what counts answers is the endpoint.
  server_errors = var.endpoint == "http_api" ? {
    namespace  = "AWS/ApiGateway"
    metric     = "5xx"
    dimensions = { ApiId = one(aws_apigatewayv2_api.service[*].id) }
    } : {
    namespace  = "AWS/Lambda"
    metric     = "Url5xxCount"
    dimensions = { FunctionName = one(aws_lambda_function.service[*].function_name) }
  }

  throttle_metrics = {
    table_reads  = { name = "ReadThrottleEvents", dimensions = {} }
    table_writes = { name = "WriteThrottleEvents", dimensions = {} }
    # Writes to the table are turned away while the index cannot follow.
    index_reads  = { name = "ReadThrottleEvents", dimensions = { GlobalSecondaryIndexName = "EmailIndex" } }
    index_writes = { name = "WriteThrottleEvents", dimensions = { GlobalSecondaryIndexName = "EmailIndex" } }
  }
}

resource "aws_cloudwatch_metric_alarm" "table_throttles" {
  count = local.table_alarm_count

  region              = var.aws_region
  alarm_name          = "${aws_dynamodb_table.users.name}-throttles"
  alarm_description   = "DynamoDB turns calls to ${aws_dynamodb_table.users.name} away; logins are slow or answer 503."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags

  metric_query {
    id          = "throttles"
    expression  = "SUM(METRICS())"
    label       = "Calls turned away"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.throttle_metrics

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = metric_query.value.name
        period      = 300
        stat        = "Sum"
        dimensions  = merge({ TableName = aws_dynamodb_table.users.name }, metric_query.value.dimensions)
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function_throttles" {
  count = local.function_alarm_count

  region              = var.aws_region
  alarm_name          = "${local.function_name}-throttles"
  alarm_description   = "Lambda turns requests to ${local.function_name} away: more at once than reserved_concurrency or the account allows."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.service[0].function_name }
  statistic           = "Sum"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  count = local.function_alarm_count

  region              = var.aws_region
  alarm_name          = "${local.function_name}-errors"
  alarm_description   = "${local.function_name} does not start, runs out of time or memory."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.service[0].function_name }
  statistic           = "Sum"
  period              = 300
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarm_errors
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "server_errors" {
  count = local.endpoint_alarm_count

  region              = var.aws_region
  alarm_name          = "${local.function_name}-server-errors"
  alarm_description   = "${local.function_name} answers with 500 or 503."
  namespace           = local.server_errors.namespace
  metric_name         = local.server_errors.metric
  dimensions          = local.server_errors.dimensions
  statistic           = "Sum"
  period              = 300
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.alarm_errors
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "function_p99" {
  count = local.function_alarm_count

  region              = var.aws_region
  alarm_name          = "${local.function_name}-p99"
  alarm_description   = "One request in a hundred takes ${local.function_name} longer than ${var.alarm_p99_ms} ms."
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = aws_lambda_function.service[0].function_name }
  extended_statistic  = "p99"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_p99_ms
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  # A percentile of a handful of requests says nothing.
  evaluate_low_sample_count_percentiles = "ignore"
  alarm_actions                         = var.alarm_topic_arns
  ok_actions                            = var.alarm_topic_arns
  tags                                  = local.tags
}
