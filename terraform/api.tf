# How the function is reached: by a URL of its own, or through an HTTP API.

locals {
  function_url_count = var.function_enabled && var.endpoint == "function_url" ? 1 : 0
  http_api_count     = var.function_enabled && var.endpoint == "http_api" ? 1 : 0
}

resource "aws_lambda_function_url" "service" {
  #checkov:skip=CKV_AWS_258:People log in here, so they have no AWS credentials yet. The service itself checks who they are.
  count = local.function_url_count

  region        = var.aws_region
  function_name = aws_lambda_function.service[0].function_name
  # CORS is left to the service too (ALLOWED_ORIGINS).
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "function_url" {
  #checkov:skip=CKV_AWS_301:Open to all for the same reason as the URL, and through the URL only.
  count = local.function_url_count

  region                 = var.aws_region
  statement_id           = "AnybodyByUrl"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.service[0].function_name
  principal              = "*"
  function_url_auth_type = "NONE"
}

# Function URLs made since October 2025 need this right as well ("Control access to Lambda function URLs" in the
# Lambda Developer Guide). The condition is what keeps it harmless: without it anybody with an AWS account could
# call the function directly, with an event that claims any client address.
resource "aws_lambda_permission" "function_by_url" {
  #checkov:skip=CKV_AWS_301:Open to all for the same reason as the URL, and through the URL only.
  count = local.function_url_count

  region                   = var.aws_region
  statement_id             = "AnybodyInvokesByUrl"
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.service[0].function_name
  principal                = "*"
  invoked_via_function_url = true
}

resource "aws_apigatewayv2_api" "service" {
  count = local.http_api_count

  region        = var.aws_region
  name          = local.function_name
  description   = "User authentication for ${aws_dynamodb_table.users.name}"
  protocol_type = "HTTP"
  tags          = local.tags
}

resource "aws_apigatewayv2_integration" "service" {
  count = local.http_api_count

  region                 = var.aws_region
  api_id                 = aws_apigatewayv2_api.service[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.service[0].invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = (var.timeout_seconds + 1) * 1000
}

# One route for all: the service has its own router, and answers 404 and 405 in its own words.
resource "aws_apigatewayv2_route" "service" {
  #checkov:skip=CKV_AWS_309:People log in here; the service itself checks who they are.
  count = local.http_api_count

  region             = var.aws_region
  api_id             = aws_apigatewayv2_api.service[0].id
  route_key          = "$default"
  target             = "integrations/${aws_apigatewayv2_integration.service[0].id}"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_stage" "service" {
  #checkov:skip=CKV_AWS_76:The service logs each request itself, with what became of it.
  count = local.http_api_count

  region      = var.aws_region
  api_id      = aws_apigatewayv2_api.service[0].id
  name        = "$default"
  auto_deploy = true
  tags        = local.tags
}

resource "aws_lambda_permission" "http_api" {
  count = local.http_api_count

  region        = var.aws_region
  statement_id  = "HttpApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.service[0].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.service[0].execution_arn}/*"
}
