"""Real implementations of CORS, each in its own process at a named version, before the checker."""
