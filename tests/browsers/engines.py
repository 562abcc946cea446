"""The browsers that can be run here: where they are, and how to open a page in them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from spec.browser import CHROMIUM, FIREFOX, WEBKIT, Engine

# What would show a page of its own, or ask a question, before ours.
_FIREFOX_PREFERENCES = """
user_pref("app.normandy.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("network.http.max-persistent-connections-per-server", 6);
"""


@dataclass(frozen=True)
class Browser:
    """A browser of an engine. `command` opens the URL that is added to it; `{profile}` is an empty folder."""

    engine: Engine
    modelled: str  # the version that the model was written from; older ones are not as it says
    packages: tuple[str, ...]  # of Debian; the first says the version
    programs: tuple[str, ...]  # names, or patterns of paths, of which the first that exists is taken
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def program(self) -> str | None:
        """Where it is; None when it, or what it needs, is missing."""
        if not all(shutil.which(name) for name in self.needs):
            return None
        for name in self.programs:
            found = shutil.which(name) or next(map(str, sorted(Path("/").glob(name.lstrip("/")))), None)
            if found:
                return found
        return None

    def version(self) -> str:
        """What it says that it is, such as `156.0.8078.79`."""
        program = self.program()
        assert program is not None
        if self.engine is WEBKIT:
            told = subprocess.run(
                ["dpkg-query", "-W", self.packages[0]], capture_output=True, text=True
            ).stdout
        else:
            told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        found = re.search(r"\d+(\.\d+)+", told)
        return found[0] if found else "unknown"

    def is_outdated(self) -> bool:
        """Whether it is here, and older than what the model was written from."""
        return self.program() is not None and _numbers(self.version()) < _numbers(self.modelled)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


BROWSERS = (
    Browser(
        CHROMIUM,
        "156",
        ("chromium",),
        ("chromium", "chromium-browser", "google-chrome"),
        # Containers have no user namespaces for its sandbox; the only pages that it sees are ours.
        (
            "{program}",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--user-data-dir={profile}",
        ),
    ),
    Browser(
        FIREFOX,
        "153",
        ("firefox-esr",),
        ("firefox-esr", "firefox"),
        ("{program}", "--headless", "--no-remote", "--profile", "{profile}"),
    ),
    Browser(
        WEBKIT,
        "2.50",
        ("webkit2gtk-driver", "xvfb", "xauth"),
        ("/usr/lib/*/webkit2gtk-4.*/MiniBrowser",),
        ("xvfb-run", "-a", "{program}", "--private"),
        needs=("xvfb-run",),
        environment={"WEBKIT_DISABLE_COMPOSITING_MODE": "1"},
    ),
)

ENGINES = {browser.engine.name: browser.engine for browser in BROWSERS}


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The browser with this page open, in a new profile; it is ended afterwards."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        (Path(profile) / "user.js").write_text(_FIREFOX_PREFERENCES)
        program = browser.program()
        command = [part.format(program=program, profile=profile) for part in browser.command]
        process = subprocess.Popen(
            [*command, url],
            env={**os.environ, **browser.environment, "HOME": profile},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(process.pid, 15)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
