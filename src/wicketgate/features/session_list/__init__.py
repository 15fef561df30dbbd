"""The list of a user's sessions."""
