"""Passwords that are guessed: those that are common, and those that became known elsewhere."""
