terraform {
  # 1.9 lets the validation of one variable look at another.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 6.29 can say `invoked_via_function_url`, which keeps a public function URL from making the function
      # itself public (api.tf).
      version = ">= 6.29, < 7.0"
    }
  }
}
