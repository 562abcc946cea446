"""Tests, the tools that make proofs, and what both share."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the project."""
