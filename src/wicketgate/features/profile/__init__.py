"""What a user shows of themselves, and how they change it."""
