"""Bringing users along from elsewhere, and leaving with them."""
