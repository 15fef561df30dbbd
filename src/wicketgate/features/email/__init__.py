"""Confirming an address, and changing to another one that is confirmed first."""
