"""Mail that tells users what happened to their accounts."""
