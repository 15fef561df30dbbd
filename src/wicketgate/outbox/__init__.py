"""Does the jobs of the outbox, beside the requests."""
