"""The story of a fetch: what browser and server do, by which rules, and what the server would have to send.

Nothing here knows a terminal or a socket: `spec.cli` has both.
"""
