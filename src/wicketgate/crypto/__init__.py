"""Password hashes and signatures. Nothing here knows users, time or a store."""
