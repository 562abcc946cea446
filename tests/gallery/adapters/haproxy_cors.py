"""HAProxy with a recipe for CORS: an ACL for the origin, 204 for OPTIONS, and set-header for the rest."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

HAPROXY = "/usr/sbin/haproxy"
USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE"]

MAIN = """\
global
    maxconn 200
defaults
    mode http
    timeout client 10s
    timeout server 10s
    timeout connect 10s
frontend cors
    bind 127.0.0.1:{port}
    http-request set-var(txn.origin) req.hdr(Origin)
    acl allowed {acl}
    acl preflight method OPTIONS
{headers}
    http-request return status 204 if preflight allowed
    acl own path /options
    http-request return status 500 content-type text/plain string error if {{ path /error }}
    http-request return status 200 content-type text/plain string own hdr Allow GET,OPTIONS if own
    http-request return status 200 content-type text/plain string hello
"""


def recipe(config: dict[str, Any], port: int) -> str:
    """The configuration of HAProxy."""
    anyone = "*" in config["allow_origins"]
    patterns = [re.escape(each) for each in config["allow_origins"]]
    patterns += [config["allow_origin_regex"]] if config["allow_origin_regex"] is not None else []
    methods = USUAL if "*" in config["allow_methods"] else config["allow_methods"]
    common = {
        "Allow-Origin": "*" if anyone else "%[var(txn.origin)]",
        "Allow-Credentials": "true" if config["allow_credentials"] else "",
        "Expose-Headers": ",".join(config["expose_headers"]),
    }
    only_preflight = {
        "Allow-Methods": ",".join(methods),
        "Allow-Headers": ",".join(config["allow_headers"]),
        "Max-Age": str(config["max_age"]),
    }
    set_header = "    http-after-response set-header Access-Control-{} {} if allowed{}"
    lines = [set_header.format(name, value, "") for name, value in common.items() if value]
    lines += [set_header.format(name, value, " preflight") for name, value in only_preflight.items() if value]
    lines += [] if anyone else ["    http-after-response add-header Vary Origin"]
    acl = "always_true" if anyone else f"var(txn.origin) -m reg '^(?:{'|'.join(patterns)})$'"
    return MAIN.format(port=port, acl=acl, headers="\n".join(lines))


def main(path: Path, port: int) -> None:
    config = json.loads(path.read_text())
    if config["allow_private_network"]:
        print("the recipe has nothing for private network access")
        sys.exit(64)
    written = path.with_name("haproxy.cfg")  # goes with the configuration
    written.write_text(recipe(config, port))
    os.execv(HAPROXY, [HAPROXY, "-db", "-q", "-f", str(written)])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
