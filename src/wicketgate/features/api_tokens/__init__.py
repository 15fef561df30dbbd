"""The token with which a user's programs call."""
