"""The reference server: the smallest function that answers a request as the spec says."""

from model.server import respond

__all__ = ["respond"]
