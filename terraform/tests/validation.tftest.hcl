# What makes no sense is refused before anything is planned.

mock_provider "aws" {
  mock_data "aws_ssm_parameter" {
    defaults = {
      type  = "SecureString"
      value = "kept in Parameter Store, 32 bytes"
    }
  }
}

run "environment_is_refused" {
  command = plan

  variables {
    environment = "Prod_1"
  }

  expect_failures = [var.environment]
}

run "aws_region_is_refused" {
  command = plan

  variables {
    aws_region = "Frankfurt"
  }

  expect_failures = [var.aws_region]
}

run "package_missing_is_refused" {
  command = plan

  variables {
    function_enabled = true
    secret_names     = { JWT_SECRET = "/jwt" }
  }

  expect_failures = [var.package_path]
}

run "package_that_is_no_file_is_refused" {
  command = plan

  variables {
    package_path = "./no-such.zip"
  }

  expect_failures = [var.package_path]
}

run "architecture_is_refused" {
  command = plan

  variables {
    architecture = "amd64"
  }

  expect_failures = [var.architecture]
}

run "memory_mb_is_refused" {
  command = plan

  variables {
    memory_mb = 128
  }

  expect_failures = [var.memory_mb]
}

run "memory_not_whole_is_refused" {
  command = plan

  variables {
    memory_mb = 512.5
  }

  expect_failures = [var.memory_mb]
}

run "timeout_seconds_is_refused" {
  command = plan

  variables {
    timeout_seconds = 30
  }

  expect_failures = [var.timeout_seconds]
}

run "reserved_concurrency_is_refused" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  expect_failures = [var.reserved_concurrency]
}

run "endpoint_is_refused" {
  command = plan

  variables {
    endpoint = "alb"
  }

  expect_failures = [var.endpoint]
}

run "public_url_without_tls_is_refused" {
  command = plan

  variables {
    public_url = "http://login.example.com"
  }

  expect_failures = [var.public_url]
}

run "public_url_with_a_path_is_refused" {
  command = plan

  variables {
    public_url = "https://login.example.com/"
  }

  expect_failures = [var.public_url]
}

run "setting_in_lower_case_is_refused" {
  command = plan

  variables {
    settings = { allowed_origins = "https://www.example.com" }
  }

  expect_failures = [var.settings]
}

run "setting_of_the_module_is_refused" {
  command = plan

  variables {
    settings = { ENVIRONMENT = "development" }
  }

  expect_failures = [var.settings]
}

run "setting_of_lambda_is_refused" {
  command = plan

  variables {
    settings = { AWS_REGION = "us-east-1" }
  }

  expect_failures = [var.settings]
}

run "secret_among_the_settings_is_refused" {
  command = plan

  variables {
    settings = { JWT_SECRET = "in the clear" }
  }

  expect_failures = [var.settings]
}

run "secret_store_is_refused" {
  command = plan

  variables {
    secret_store = "vault"
  }

  expect_failures = [var.secret_store]
}

run "secret_missing_is_refused" {
  command = plan

  variables {
    function_enabled = true
    package_path     = "./versions.tf"
  }

  expect_failures = [var.secret_names]
}

run "secret_in_lower_case_is_refused" {
  command = plan

  variables {
    secret_names = { jwt_secret = "/jwt" }
  }

  expect_failures = [var.secret_names]
}

run "secret_that_is_none_is_refused" {
  command = plan

  variables {
    secret_names = { DYNAMODB_TABLE_NAME = "/table" }
  }

  expect_failures = [var.secret_names]
}

run "previous_secret_alone_is_refused" {
  command = plan

  variables {
    secret_names = { API_TOKEN_SECRET_PREVIOUS = "/previous" }
  }

  expect_failures = [var.secret_names]
}

run "log_retention_days_is_refused" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "alarm_topic_arns_is_refused" {
  command = plan

  variables {
    alarm_topic_arns = ["ops@example.com"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "alarm_p99_ms_is_refused" {
  command = plan

  variables {
    alarm_p99_ms = 30000
  }

  expect_failures = [var.alarm_p99_ms]
}

run "alarm_errors_is_refused" {
  command = plan

  variables {
    alarm_errors = 0
  }

  expect_failures = [var.alarm_errors]
}

run "settings_with_the_mail_server_s_password_are_refused" {
  command = plan

  variables {
    settings = { SMTP_PASSWORD = "in the clear" }
  }

  expect_failures = [var.settings]
}

run "settings_with_a_mail_server_and_no_address_are_refused" {
  command = plan

  variables {
    settings = { SMTP_HOST = "email-smtp.eu-central-1.amazonaws.com", MAIL_FROM = "login@acme.example" }
  }

  expect_failures = [var.settings]
}
