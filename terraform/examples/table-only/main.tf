# The users table alone, for a service that runs in containers or on a machine of your own.

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

provider "aws" {
  region = var.aws_region
}

module "wicketgate" {
  source = "../.."

  environment             = var.environment
  aws_region              = var.aws_region
  operator_policy_enabled = true
}

output "dynamodb_users_table_name" {
  description = "DYNAMODB_TABLE_NAME of the service"
  value       = module.wicketgate.dynamodb_users_table_name
}

output "service_policy_json" {
  description = "IAM policy to attach to the role of the container or the machine"
  value       = module.wicketgate.service_policy_json
}

output "operator_policy_arn" {
  description = "IAM policy for people who run `wicketgate users`"
  value       = module.wicketgate.operator_policy_arn
}
