output "dynamodb_users_table_name" {
  value       = aws_dynamodb_table.users.name
  description = "Name of the DynamoDB users table"
}

output "dynamodb_users_table_arn" {
  value       = aws_dynamodb_table.users.arn
  description = "ARN of the DynamoDB users table"
}

output "service_policy_json" {
  value       = local.service_policy
  description = "IAM policy of the service, for the role of a container that runs it outside Lambda"
}

output "operator_policy_json" {
  value       = local.operator_policy
  description = "IAM policy for people who run `wicketgate users`, `wicketgate audit` and `wicketgate table check`"
}

output "operator_policy_arn" {
  value       = one(aws_iam_policy.operator[*].arn)
  description = "ARN of the operators' policy; null unless operator_policy_enabled"
}

output "service_url" {
  value = one(concat(
    [for url in aws_lambda_function_url.service : trimsuffix(url.function_url, "/")],
    [for api in aws_apigatewayv2_api.service : api.api_endpoint],
  ))
  description = "Where the service answers; null without a function or with the endpoint none"
}

output "function_name" {
  value       = one(aws_lambda_function.service[*].function_name)
  description = "Name of the Lambda function; null without one"
}

output "function_role_arn" {
  value       = one(aws_iam_role.service[*].arn)
  description = "ARN of the function's role; null without a function"
}

output "http_api_id" {
  value       = one(aws_apigatewayv2_api.service[*].id)
  description = "Id of the HTTP API, to map a domain of your own to; null unless the endpoint is http_api"
}

output "log_group_name" {
  value       = one(aws_cloudwatch_log_group.service[*].name)
  description = "Name of the function's log group; null without a function"
}
