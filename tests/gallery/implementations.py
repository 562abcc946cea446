"""What is in the gallery, how each implementation is installed, and how its adapter is started."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from spec import Config
from spec.conformance import FEATURES, Target

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INSTALLED = ROOT / "build" / "gallery"

CANNOT = 64
"""With which status an adapter ends when its implementation cannot express a configuration."""

INTERPRETERS = {".py": sys.executable, ".pl": "perl", ".rb": "ruby"}
"""What runs an adapter of a Debian package, where nothing is built."""

PATIENCE = 60.0
"""Seconds in which an adapter must listen."""


class Unable(Exception):
    """The implementation cannot express the configuration; says why."""


@dataclass(frozen=True)
class Version:
    """One release, and what it is here for.

    `advisory`, `defect` and `configuration` are of a release with a published defect, `fixed` is the first
    one without; `fixes` names the release whose defect this one does not have.
    """

    version: str
    install: str
    packages: tuple[str, ...]
    build: str = ""
    adapter: str = ""
    advisory: str = ""
    advisory_url: str = ""
    defect: str = ""
    fixed: str = ""
    fixes: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Implementation:
    """One entry of the gallery; the first version is the current release.

    `choices` are documented ones: for a rule that is broken on purpose, the sentence that says so. The paths
    are those of a `Target`, for what has paths of its own; an empty one says that there is none.
    """

    name: str
    language: str
    homepage: str
    adapter: str
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    choices: dict[str, str] = field(default_factory=dict)
    versions: tuple[Version, ...] = ()
    path: str = "/"
    error_path: str = "/error"
    options_path: str = "/options"

    @property
    def target(self) -> Target:
        """Where the adapters answer, and what is lacking."""
        lacks = frozenset(self.lacks) & set(FEATURES)
        return Target(self.path, self.error_path or None, self.options_path or None, lacks)

    def adapter_of(self, version: Version) -> Path:
        """The program that serves this version."""
        return HERE / "adapters" / (version.adapter or self.adapter)


def implementations() -> list[Implementation]:
    """All entries, by name."""
    found = []
    for path in sorted((HERE / "implementations").glob("*.toml")):
        data: dict[str, Any] = tomllib.loads(path.read_text())
        versions = tuple(
            Version(**{**each, "packages": tuple(each["packages"])}) for each in data.pop("versions")
        )
        data |= {name: tuple(data.get(name, ())) for name in ("lacks", "notes")}
        found.append(Implementation(**data, versions=versions))
    return sorted(found, key=lambda each: each.name.lower())


def configurations() -> dict[str, tuple[str, Config]]:
    """What every implementation is asked to do: by name, a sentence and the configuration."""
    found = tomllib.loads((HERE / "configurations.toml").read_text())
    return {name: (each.pop("says"), Config.from_mapping(each)) for name, each in found.items()}


def file_name(implementation: Implementation) -> str:
    """The name of an implementation as every file system takes it."""
    return re.sub(r"[^\w.]+", "-", implementation.name.strip("@"))


def installed(implementation: Implementation, version: Version) -> Path:
    """The folder of a version, with its packages; installed once. Raises subprocess.CalledProcessError."""
    folder = INSTALLED / f"{file_name(implementation)}-{version.version}"
    stamp = folder / ".packages"
    adapter = implementation.adapter_of(version)
    shared = adapter.with_name(f"shared{adapter.suffix}")
    built_of = "".join(path.read_text() for path in (adapter, shared) if version.build and path.exists())
    wanted = json.dumps([version.packages, version.build, built_of])
    if stamp.exists() and stamp.read_text() == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if version.install == "pip":
        venv.create(folder, with_pip=True)
        _run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *version.packages])
    elif version.install == "npm":
        quiet = ("--silent", "--no-audit", "--no-fund")
        _run(["npm", "install", *quiet, "--prefix", str(folder), *version.packages])
    elif version.install != "here":  # our own is in the environment of the tests
        install_from_debian(version.packages)
    if version.build:
        names = {"adapter": str(adapter), "shared": str(shared), "binary": str(folder / "server")}
        _run(
            ["sh", "-c", version.build.format(**{name: shlex.quote(value) for name, value in names.items()})]
        )
    stamp.write_text(wanted)
    return folder


def install_from_debian(packages: Sequence[str]) -> None:
    """Debian's packages, those that are not there. Raises RuntimeError when that takes somebody else."""
    present = subprocess.run(["dpkg", "--status", *packages], capture_output=True, check=False)
    if present.returncode == 0:
        return
    if os.geteuid() or not shutil.which("apt-get"):
        raise RuntimeError(f"install these packages of Debian first: {' '.join(packages)}")
    _run(["apt-get", "-qq", "update"])
    _run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def command_of(implementation: Implementation, version: Version, folder: Path) -> list[str]:
    """How the adapter is started, but for its arguments."""
    adapter = implementation.adapter_of(version)
    if version.build:
        return [str(folder / "server")]
    if version.install == "pip":
        return [str(folder / "bin" / "python"), str(adapter)]
    if version.install == "npm":
        shutil.copy(adapter, folder / adapter.name)
        return ["node", str(folder / adapter.name)]
    return [INTERPRETERS[adapter.suffix], str(adapter)]


@contextmanager
def served(implementation: Implementation, version: Version, config: Config) -> Iterator[str]:
    """A server of this version under this configuration; gives its URL.

    Raises Unable when it cannot express it, RuntimeError when it does not start.
    """
    folder = installed(implementation, version)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "config.json"
        path.write_text(json.dumps(asdict(config)))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [*command_of(implementation, version, folder), str(path), str(port)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            _wait(process, port, f"{implementation.name} {version.version}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.communicate(timeout=3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _wait(process: subprocess.Popen[str], port: int, name: str) -> None:
    """Until somebody listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status = process.poll()
        if status is not None:
            told = (process.communicate()[0] or "").strip()
            if status == CANNOT:
                raise Unable(told.splitlines()[-1] if told else "it does not say why")
            raise RuntimeError(f"{name} ended with status {status}: {told[-500:]}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{name} does not listen after {PATIENCE:.0f} seconds")
