# Who may do what. tests/terraform records the calls that the code makes and compares them with these lists.

locals {
  # A transaction needs the right to each of its parts and none of its own.
  service_table_actions = [
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
  ]

  # Listing users reads the whole index, and listing what happened to all of them the whole table. The service never
  # does either; people at a command line do.
  operator_index_actions = [
    "dynamodb:Scan",
  ]
  operator_table_actions = [
    "dynamodb:Scan",
  ]

  index_arn = "${aws_dynamodb_table.users.arn}/index/EmailIndex"

  service_statement = {
    Sid      = "Users"
    Effect   = "Allow"
    Action   = local.service_table_actions
    Resource = aws_dynamodb_table.users.arn
  }

  operator_statement = {
    Sid      = "ListUsers"
    Effect   = "Allow"
    Action   = local.operator_index_actions
    Resource = local.index_arn
  }

  operator_table_statement = {
    Sid      = "ListWhatHappened"
    Effect   = "Allow"
    Action   = local.operator_table_actions
    Resource = aws_dynamodb_table.users.arn
  }

  service_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.service_statement]
  })

  operator_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.service_statement, local.operator_statement, local.operator_table_statement]
  })
}

resource "aws_iam_role" "service" {
  count = var.function_enabled ? 1 : 0

  name        = "${local.function_name}-${var.aws_region}"
  description = "What the Lambda function ${local.function_name} may do"
  tags        = local.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "service_table" {
  count = var.function_enabled ? 1 : 0

  name   = "users-table"
  role   = aws_iam_role.service[0].id
  policy = local.service_policy
}

# Not AWS's AWSLambdaBasicExecutionRole: that one may make and write any log group of the account.
resource "aws_iam_role_policy" "service_logs" {
  count = var.function_enabled ? 1 : 0

  name = "logs"
  role = aws_iam_role.service[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.service[0].arn}:*"
    }]
  })
}

resource "aws_iam_policy" "operator" {
  count = var.operator_policy_enabled ? 1 : 0

  name        = "${local.function_name}-operator-${var.aws_region}"
  description = "For people who look after the users in ${aws_dynamodb_table.users.name}"
  policy      = local.operator_policy
  tags        = local.tags
}
