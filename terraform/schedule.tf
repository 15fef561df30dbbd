# What the service left to be done: a function is frozen once it has answered, so mail and webhooks wait in the table
# until somebody calls it again. Here that is a clock, once a minute.

locals {
  leaves_jobs    = length(setintersection(keys(var.settings), ["SMTP_HOST", "AUDIT_WEBHOOK_URL"])) > 0
  schedule_count = var.function_enabled && coalesce(var.outbox_schedule_enabled, local.leaves_jobs) ? 1 : 0
}

resource "aws_cloudwatch_event_rule" "outbox" {
  count = local.schedule_count

  region              = var.aws_region
  name                = "${local.function_name}-outbox"
  description         = "Has ${local.function_name} send the mail and webhooks that wait"
  schedule_expression = "rate(1 minute)"
  tags                = local.tags
}

resource "aws_cloudwatch_event_target" "outbox" {
  count = local.schedule_count

  region = var.aws_region
  rule   = aws_cloudwatch_event_rule.outbox[0].name
  arn    = aws_lambda_function.service[0].arn
  input  = jsonencode({ wicketgate = "outbox" })
}

resource "aws_lambda_permission" "outbox" {
  count = local.schedule_count

  region        = var.aws_region
  statement_id  = "Outbox"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.service[0].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.outbox[0].arn
}

resource "aws_lambda_function_event_invoke_config" "outbox" {
  count = local.schedule_count

  region        = var.aws_region
  function_name = aws_lambda_function.service[0].function_name
  # The next minute is the next attempt, and one that comes late has nothing to say.
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60
}
