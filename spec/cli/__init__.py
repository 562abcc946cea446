"""The command line: `verified-cors rules`, `explain` and `check`; `python -m spec` is the same."""
