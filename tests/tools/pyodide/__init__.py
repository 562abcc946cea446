"""The tests on the newest Python that WebAssembly has: Pyodide, from npm, on Node."""
