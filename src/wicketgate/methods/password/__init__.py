"""Email address and password."""
