# Alarms are there when somebody is to hear them.

mock_provider "aws" {
  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn = "arn:aws:dynamodb:us-east-1:123456789012:table/users-dev"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/wicketgate-dev"
    }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn        = "arn:aws:lambda:us-east-1:123456789012:function:wicketgate-dev"
      invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/wicketgate-dev/invocations"
    }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      id            = "api123"
      execution_arn = "arn:aws:execute-api:us-east-1:123456789012:api123"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/wicketgate-dev"
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      type  = "SecureString"
      value = "kept in Parameter Store, 32 bytes"
    }
  }
}

variables {
  package_path     = "./versions.tf"
  secret_names     = { JWT_SECRET = "/wicketgate/dev/jwt-secret" }
  alarm_topic_arns = ["arn:aws:sns:us-east-1:123456789012:alarms"]
}

run "table_alone_has_the_table_s_alarm" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.table_throttles[0].alarm_actions == toset(["arn:aws:sns:us-east-1:123456789012:alarms"])
    error_message = "The topic must hear of throttled calls."
  }

  assert {
    condition = toset(flatten([
      for query in aws_cloudwatch_metric_alarm.table_throttles[0].metric_query : [
        for metric in query.metric : "${metric.metric_name} ${lookup(metric.dimensions, "GlobalSecondaryIndexName", "table")}"
      ]
    ])) == toset(["ReadThrottleEvents table", "WriteThrottleEvents table", "ReadThrottleEvents EmailIndex", "WriteThrottleEvents EmailIndex"])
    error_message = "Reads and writes of the table and of its index must be watched."
  }

  assert {
    condition     = length(concat(aws_cloudwatch_metric_alarm.function_throttles, aws_cloudwatch_metric_alarm.function_errors, aws_cloudwatch_metric_alarm.function_p99, aws_cloudwatch_metric_alarm.server_errors)) == 0
    error_message = "Without a function there must be no alarm for one."
  }
}

run "function_has_its_alarms" {
  variables {
    function_enabled = true
  }

  assert {
    condition = alltrue([
      for alarm in concat(aws_cloudwatch_metric_alarm.function_throttles, aws_cloudwatch_metric_alarm.function_errors, aws_cloudwatch_metric_alarm.function_p99, aws_cloudwatch_metric_alarm.server_errors) :
      alarm.dimensions == tomap({ FunctionName = "wicketgate-dev" }) && alarm.alarm_actions == toset(var.alarm_topic_arns)
    ])
    error_message = "Each alarm must be for this function and reach the topic."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.function_throttles[0].metric_name == "Throttles" && aws_cloudwatch_metric_alarm.function_errors[0].metric_name == "Errors" && aws_cloudwatch_metric_alarm.server_errors[0].metric_name == "Url5xxCount"
    error_message = "Throttles, errors and the URL's 5xx must be watched."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.function_p99[0].metric_name == "Duration" && aws_cloudwatch_metric_alarm.function_p99[0].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.function_p99[0].threshold == 3000
    error_message = "The slowest hundredth must be watched, at 3 seconds."
  }
}

run "thresholds_can_be_moved" {
  variables {
    function_enabled = true
    alarm_p99_ms     = 800
    alarm_errors     = 1
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.function_p99[0].threshold == 800 && aws_cloudwatch_metric_alarm.function_errors[0].threshold == 1 && aws_cloudwatch_metric_alarm.server_errors[0].threshold == 1
    error_message = "alarm_p99_ms and alarm_errors must be passed on."
  }
}

run "http_api_counts_its_own_errors" {
  variables {
    function_enabled = true
    endpoint         = "http_api"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.server_errors[0].namespace == "AWS/ApiGateway" && aws_cloudwatch_metric_alarm.server_errors[0].metric_name == "5xx" && aws_cloudwatch_metric_alarm.server_errors[0].dimensions == tomap({ ApiId = "api123" })
    error_message = "Behind an HTTP API its 5xx must be watched."
  }
}

run "no_endpoint_has_no_answers_to_count" {
  variables {
    function_enabled = true
    endpoint         = "none"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.server_errors) == 0 && length(aws_cloudwatch_metric_alarm.function_errors) == 1
    error_message = "Without an endpoint nothing counts answers; the function's own alarms stay."
  }
}

run "no_topic_no_alarm" {
  variables {
    function_enabled = true
    alarm_topic_arns = []
  }

  assert {
    condition     = length(concat(aws_cloudwatch_metric_alarm.table_throttles, aws_cloudwatch_metric_alarm.function_throttles, aws_cloudwatch_metric_alarm.function_errors, aws_cloudwatch_metric_alarm.function_p99, aws_cloudwatch_metric_alarm.server_errors)) == 0
    error_message = "An alarm that nobody hears must not be made."
  }
}
