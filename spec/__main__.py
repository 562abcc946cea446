"""`python -m spec`: the same as `verified-cors`, which works in any directory."""

from spec.cli.main import main

if __name__ == "__main__":
    main(prog_name="python -m spec")
