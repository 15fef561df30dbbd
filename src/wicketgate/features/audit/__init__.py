"""What happened to an account: kept, shown to its owner, and told to others who want to know."""
