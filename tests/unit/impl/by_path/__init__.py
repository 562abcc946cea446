"""The tests of `impl.by_path`."""
