"""The same read as most would write it: FastAPI, pydantic, PyJWT, and a usual client for the store."""
