"""The reference server: the smallest function that answers a request as the spec says."""

from model.server import respond, respond_by_path

__all__ = ["respond", "respond_by_path"]
