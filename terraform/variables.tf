variable "environment" {
  description = "Environment name (dev, staging, prod). The table is called users-<environment>, the function wicketgate-<environment>."
  type        = string
  default     = "dev"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.environment))
    error_message = "environment must be 1 to 32 lower-case letters, digits and hyphens, and begin with a letter, such as prod."
  }
}

variable "aws_region" {
  description = "AWS region for resources. It may be another than the provider's own."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]+$", var.aws_region))
    error_message = "aws_region must be the code of a region, such as eu-central-1."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the table. To delete it, apply with false first."
  type        = bool
  default     = true
  nullable    = false
}

variable "function_enabled" {
  description = "Whether to run the service as a Lambda function. Off: the table only."
  type        = bool
  default     = false
  nullable    = false
}

variable "package_path" {
  description = "The zip file that `make package` made for `architecture`, such as dist/wicketgate-lambda-arm64.zip. Needed when function_enabled is true."
  type        = string
  default     = null

  validation {
    condition     = !var.function_enabled || var.package_path != null
    error_message = "package_path is needed when function_enabled is true: the zip file that `make package` makes."
  }

  validation {
    condition     = var.package_path == null ? true : try(fileexists(var.package_path), false)
    error_message = "package_path names no file; `make package` makes one for each architecture."
  }
}

variable "architecture" {
  description = "Processor of the function, arm64 or x86_64. The package must be the one for it."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory of the function. The processor comes in proportion: at 1769 MB it is one whole core, and a password hash takes a quarter of a second instead of longer for the same price."
  type        = number
  default     = 1769

  validation {
    condition     = var.memory_mb >= 256 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb must be a whole number between 256 and 10240."
  }
}

variable "timeout_seconds" {
  description = "How long one request may take. DynamoDB is given up after 2.5 s, so only a long queue for hashing gets near it."
  type        = number
  default     = 15

  validation {
    condition     = var.timeout_seconds >= 5 && var.timeout_seconds <= 29 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds must be a whole number between 5 and 29; an HTTP API gives up after 30."
  }
}

variable "reserved_concurrency" {
  description = "Most requests at once, which also caps what an attack can cost; -1 leaves it to the account's own limit."
  type        = number
  default     = -1

  validation {
    condition     = var.reserved_concurrency == -1 || (var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency)
    error_message = "reserved_concurrency must be -1, or a whole number from 1; 0 would answer nobody."
  }
}

variable "endpoint" {
  description = "How the function is reached: function_url (no charge of its own), http_api (API Gateway, for a domain of your own) or none."
  type        = string
  default     = "function_url"

  validation {
    condition     = contains(["function_url", "http_api", "none"], var.endpoint)
    error_message = "endpoint must be function_url, http_api or none."
  }
}

variable "public_url" {
  description = "PUBLIC_URL of the service: the origin that people see in their browser. Unset: that of each request."
  type        = string
  default     = null

  validation {
    condition     = var.public_url == null || can(regex("^https://[^/?#@[:space:]]+$", var.public_url))
    error_message = "public_url must be an origin such as https://app.example.com, without a path or a slash at the end."
  }
}

variable "settings" {
  description = "More settings of the service by the names of their variables, such as { ALLOWED_ORIGINS = \"https://www.example.com\" }. Not for secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "settings must be named in capitals, digits and underscores, as in RATE_LIMIT_MAX_REQUESTS."
  }

  validation {
    condition     = length(setintersection(keys(var.settings), ["ENVIRONMENT", "DYNAMODB_TABLE_NAME", "PUBLIC_URL"])) == 0
    error_message = "settings must not have ENVIRONMENT, DYNAMODB_TABLE_NAME or PUBLIC_URL: the module sets them (see public_url)."
  }

  validation {
    condition     = !anytrue([for name in keys(var.settings) : startswith(name, "AWS_") || startswith(name, "LAMBDA_")])
    error_message = "settings must not have names that begin with AWS_ or LAMBDA_: Lambda sets those."
  }

  validation {
    condition     = !contains(keys(var.settings), "SMTP_PASSWORD")
    error_message = "settings must not have SMTP_PASSWORD: it would be readable in your configuration. Put it into secret_names."
  }

  validation {
    condition     = !contains(keys(var.settings), "SMTP_HOST") || var.public_url != null
    error_message = "public_url is needed when settings has SMTP_HOST: links in mail must lead there."
  }

  validation {
    condition     = !anytrue([for name in keys(var.settings) : strcontains(name, "SECRET")])
    error_message = "settings must not hold secrets: they would be readable in your configuration. Put them into secret_names."
  }
}

variable "outbox_schedule_enabled" {
  description = "Whether the function is called each minute to send mail and webhooks that wait. Unset: when settings has SMTP_HOST or AUDIT_WEBHOOK_URL."
  type        = bool
  default     = null
}

variable "secret_store" {
  description = "Where secrets are kept: ssm (Parameter Store, SecureString) or secretsmanager."
  type        = string
  default     = "ssm"

  validation {
    condition     = contains(["ssm", "secretsmanager"], var.secret_store)
    error_message = "secret_store must be ssm or secretsmanager."
  }
}

variable "secret_names" {
  description = "Secrets by the names of their variables, each with its name in secret_store: { JWT_SECRET = \"/wicketgate/prod/jwt-secret\" }. JWT_SECRET is needed when function_enabled is true."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !var.function_enabled || contains(keys(var.secret_names), "JWT_SECRET")
    error_message = "secret_names must have JWT_SECRET when function_enabled is true."
  }

  validation {
    condition     = alltrue([for name in keys(var.secret_names) : can(regex("^[A-Z][A-Z0-9_]*$", name)) && !startswith(name, "AWS_")])
    error_message = "secret_names must be named in capitals, digits and underscores, as in API_TOKEN_SECRET, and not begin with AWS_."
  }

  validation {
    condition     = length(setintersection(keys(var.secret_names), ["ENVIRONMENT", "DYNAMODB_TABLE_NAME", "PUBLIC_URL"])) == 0
    error_message = "secret_names must not have ENVIRONMENT, DYNAMODB_TABLE_NAME or PUBLIC_URL: the module sets them."
  }

  validation {
    condition = alltrue([
      for name in keys(var.secret_names) :
      !endswith(name, "_PREVIOUS") || contains(keys(var.secret_names), trimsuffix(name, "_PREVIOUS"))
    ])
    error_message = "secret_names has a secret ending in _PREVIOUS without the one that follows it."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept. They hold clients' networks and users' ids, so no longer than needed."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a time that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "operator_policy_enabled" {
  description = "Whether to make an IAM policy for people who run `wicketgate users`, `wicketgate audit` and `wicketgate table check`."
  type        = bool
  default     = false
  nullable    = false
}

variable "alarm_topic_arns" {
  description = "SNS topics that alarms are sent to. None: no alarms."
  # A list, since Terraform must know while planning whether there is one, and the ARN of a topic made in the same
  # apply is not known yet.
  type     = list(string)
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", arn))])
    error_message = "alarm_topic_arns must be ARNs of SNS topics, such as arn:aws:sns:eu-central-1:123456789012:alarms."
  }
}

variable "alarm_p99_ms" {
  description = "Alarm when one request in a hundred takes longer than this, in milliseconds, for a quarter of an hour."
  type        = number
  default     = 3000

  validation {
    condition     = var.alarm_p99_ms >= 100 && var.alarm_p99_ms <= 29000
    error_message = "alarm_p99_ms must be between 100 and 29000."
  }
}

variable "alarm_errors" {
  description = "Alarm when this many requests fail within five minutes."
  type        = number
  default     = 5

  validation {
    condition     = var.alarm_errors >= 1 && floor(var.alarm_errors) == var.alarm_errors
    error_message = "alarm_errors must be a whole number from 1."
  }
}
