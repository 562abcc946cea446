"""CORS for ASGI apps: a fast, strict middleware with no dependencies.

`from impl import CORSMiddleware` replaces Starlette's and FastAPI's class of that name.
"""

from impl.config import Config
from impl.errors import CORSConfigError, CORSConfigWarning, Problem
from impl.middleware import CORSMiddleware

__all__ = ["CORSConfigError", "CORSConfigWarning", "CORSMiddleware", "Config", "Problem"]
