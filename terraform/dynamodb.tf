# The users table. What its items look like is in src/wicketgate/stores/dynamodb; tests/terraform compares the two.

resource "aws_dynamodb_table" "users" {
  #checkov:skip=CKV_AWS_119:Encrypted with the key that AWS keeps for DynamoDB. A key of one's own adds a price to each call and a second way to lose all users at once; add kms_key_arn where a rule asks for it.
  region       = var.aws_region
  name         = "users-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "userId"

  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "userId"
    type = "S"
  }

  attribute {
    name = "email"
    type = "S"
  }

  # Only users have an email attribute, so the index holds users and nothing else.
  global_secondary_index {
    name            = "EmailIndex"
    hash_key        = "email"
    projection_type = "ALL"
  }

  # Spent limits and one-time secrets go by themselves. Users have no such attribute.
  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  tags = {
    Name        = "Users Table"
    Environment = var.environment
    ManagedBy   = "Terraform"
    Application = "UserAuthentication"
  }
}
