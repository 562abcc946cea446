"""Jupyter Server with its traits allow_origin, allow_origin_pat and allow_credentials."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

# Nothing of the user's own is read or written.
for kind in ("CONFIG", "DATA", "RUNTIME"):
    os.environ[f"JUPYTER_{kind}_DIR"] = str(Path(sys.argv[1]).resolve().parent / kind.lower())

from jupyter_server.serverapp import ServerApp  # noqa: E402 (it looks at the environment)


def main(path: Path, port: int) -> None:
    config: dict[str, Any] = json.loads(path.read_text())
    if config["allow_private_network"]:
        print("jupyter_server has no option for allow_private_network")
        sys.exit(64)
    # There is one origin, or a pattern; it must match a whole origin.
    origins = config["allow_origins"]
    patterns = [*map(re.escape, origins), *filter(None, [config["allow_origin_regex"]])]
    whose: dict[str, str] = {}
    if "*" in origins:
        whose["allow_origin"] = "*"
    elif len(origins) == 1 and len(patterns) == 1:
        whose["allow_origin"] = origins[0]
    else:
        whose["allow_origin_pat"] = "|".join(f"(?:{pattern})" for pattern in patterns)
    app = ServerApp(
        ip="127.0.0.1",
        port=port,
        port_retries=0,
        root_dir=str(path.parent),
        open_browser=False,
        allow_root=True,
        allow_credentials=config["allow_credentials"],
        log_level="CRITICAL",
        **whose,
    )
    app.initialize([])
    app.start()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
