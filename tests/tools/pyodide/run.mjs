// Runs pytest in Pyodide: node run.mjs PROJECT PACKAGES ARGUMENT…
// PROJECT is the folder of this project, PACKAGES one with pytest and what else the tests import.

import { loadPyodide } from "pyodide";

const [project, packages, ...given] = process.argv.slice(2);
const python = await loadPyodide({
  env: { HOME: "/tmp", HYPOTHESIS_PROFILE: "quick", PYTHONDONTWRITEBYTECODE: "1" },
});
for (const [inside, outside] of [["/project", project], ["/packages", packages]]) {
  python.FS.mkdirTree(inside);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: outside }, inside);
}
python.globals.set("given", python.toPy(given));
process.exit(
  python.runPython(`
import os, sys
sys.path[:0] = ["/project", "/packages"]
os.chdir("/project")
import pytest
print("Python", sys.version.split()[0], "in Pyodide", flush=True)
int(pytest.main(["-q", "-p", "no:cacheprovider", *given]))
`),
);
