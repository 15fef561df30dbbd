# Terraform reads the secrets from the store in which you keep them and hands them to the function as environment
# variables. The service then needs no call, no right and no other service to start, and a new secret reaches all
# copies of the function at once, with the next apply, which matters for keys: two copies with two keys would
# refuse each other's sessions. The price: the values lie in Terraform's state, so keep the state in an encrypted
# bucket that few may read, and whoever may read the function's configuration reads them too.

locals {
  parameter_names = var.secret_store == "ssm" ? var.secret_names : {}
  secret_ids      = var.secret_store == "secretsmanager" ? var.secret_names : {}

  secrets = merge(
    { for name, found in data.aws_ssm_parameter.secret : name => found.value },
    { for name, found in data.aws_secretsmanager_secret_version.secret : name => found.secret_string },
  )
}

data "aws_ssm_parameter" "secret" {
  for_each = var.function_enabled ? local.parameter_names : {}

  region = var.aws_region
  name   = each.value

  lifecycle {
    postcondition {
      condition     = self.type == "SecureString"
      error_message = "The parameter for ${each.key} is not a SecureString, so anybody who may list parameters can read it."
    }

    postcondition {
      condition     = !endswith(trimsuffix(each.key, "_PREVIOUS"), "_SECRET") || length(self.value) >= 32
      error_message = "${each.key} has fewer than 32 characters; make one with `wicketgate secret`."
    }
  }
}

data "aws_secretsmanager_secret_version" "secret" {
  for_each = var.function_enabled ? local.secret_ids : {}

  region    = var.aws_region
  secret_id = each.value

  lifecycle {
    postcondition {
      condition     = !endswith(trimsuffix(each.key, "_PREVIOUS"), "_SECRET") || length(self.secret_string) >= 32
      error_message = "${each.key} has fewer than 32 characters; make one with `wicketgate secret`."
    }
  }
}
