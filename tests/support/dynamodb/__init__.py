"""DynamoDB Local as the tests run it: what installs it and what keeps it on a leash."""
