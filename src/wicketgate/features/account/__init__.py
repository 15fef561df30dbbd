"""Leaving: every session at once, or for good."""
