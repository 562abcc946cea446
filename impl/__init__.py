"""CORS for ASGI apps: a fast, strict middleware with no dependencies.

`from impl import install_cors` is for Starlette and FastAPI, in one line. `from impl import CORSMiddleware`
replaces their class of that name.
"""

from impl.by_path import CORSByPath
from impl.config import Config
from impl.errors import CORSConfigError, CORSConfigWarning, Problem
from impl.install import install_cors
from impl.middleware import CORSMiddleware

__all__ = [
    "CORSByPath",
    "CORSConfigError",
    "CORSConfigWarning",
    "CORSMiddleware",
    "Config",
    "Problem",
    "install_cors",
]
