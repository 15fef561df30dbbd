"""The HTTP kit: plain ASGI. It knows sessions and endpoints, and no method of signing in."""
