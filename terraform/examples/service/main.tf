# Everything: the table, the service as a Lambda function with a public https address, and alarms by mail.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.29, < 7.0"
    }
  }
}

variable "environment" {
  description = "Environment name (dev, staging, prod)"
  type        = string
  default     = "dev"
}

variable "aws_region" {
  description = "AWS region for resources"
  type        = string
  default     = "us-east-1"
}

variable "package_path" {
  description = "The zip file that `make package` made for arm64, as seen from where you run terraform"
  type        = string
  default     = "../../../dist/wicketgate-lambda-arm64.zip"
}

variable "public_url" {
  description = "The origin that people see in their browser, once you know it"
  type        = string
  default     = null
}

variable "endpoint" {
  description = "function_url, or http_api for a domain of your own"
  type        = string
  default     = "function_url"
}

variable "alarm_email" {
  description = "Who gets a mail when an alarm goes off; AWS asks that address to confirm first"
  type        = string
  default     = null
}

provider "aws" {
  region = var.aws_region
}

resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:An alarm's text holds the names of resources and a number. With AWS's own key for SNS, CloudWatch could not send at all.
  count = var.alarm_email == null ? 0 : 1

  name = "wicketgate-${var.environment}-alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

module "wicketgate" {
  source = "../.."

  environment      = var.environment
  aws_region       = var.aws_region
  function_enabled = true
  package_path     = var.package_path
  architecture     = "arm64"
  endpoint         = var.endpoint
  public_url       = var.public_url

  secret_names = {
    JWT_SECRET       = "/wicketgate/${var.environment}/jwt-secret"
    API_TOKEN_SECRET = "/wicketgate/${var.environment}/api-token-secret"
  }

  operator_policy_enabled = true
  alarm_topic_arns        = aws_sns_topic.alarms[*].arn
}

output "service_url" {
  description = "Where people log in"
  value       = module.wicketgate.service_url
}

output "dynamodb_users_table_name" {
  description = "DYNAMODB_TABLE_NAME for `wicketgate users` on your own machine"
  value       = module.wicketgate.dynamodb_users_table_name
}

output "operator_policy_arn" {
  description = "IAM policy for people who run `wicketgate users`"
  value       = module.wicketgate.operator_policy_arn
}

output "function_name" {
  description = "Name of the Lambda function"
  value       = module.wicketgate.function_name
}

output "log_group_name" {
  description = "Where the service's log is"
  value       = module.wicketgate.log_group_name
}
