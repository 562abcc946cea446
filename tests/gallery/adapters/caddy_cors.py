"""Caddy with the recipe for CORS: matchers for the origin and for OPTIONS, and `header`."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

CADDY = "/usr/bin/caddy"
USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE"]

MAIN = """\
{{
    admin off
    auto_https off
    log {{
        output discard
    }}
}}
http://127.0.0.1:{port} {{
    bind 127.0.0.1
    header {vary}
    {origins}
    @preflight {{
        method OPTIONS
        {preflight}
    }}
    header {allowed} {{
{common}
    }}
    handle @preflight {{
        header {{
{only_preflight}
        }}
        respond 204
    }}
    handle /error {{
        error 500
    }}
    handle /options {{
        header Allow "GET, OPTIONS"
        respond "own"
    }}
    handle {{
        respond "hello"
    }}
}}
"""


def lines(values: dict[str, str]) -> str:
    """A line for each header that has a value."""
    return "\n".join(
        f"            Access-Control-{name} {json.dumps(value)}" for name, value in values.items() if value
    )


def caddyfile(config: dict[str, Any], port: int) -> str:
    """The configuration of Caddy."""
    anyone = "*" in config["allow_origins"]
    patterns = [re.escape(each) for each in config["allow_origins"]]
    patterns += [config["allow_origin_regex"]] if config["allow_origin_regex"] is not None else []
    matcher = f"header_regexp Origin ^(?:{'|'.join(patterns)})$"
    methods = USUAL if "*" in config["allow_methods"] else config["allow_methods"]
    common = {
        "Allow-Origin": "*" if anyone else "{http.request.header.Origin}",
        "Allow-Credentials": "true" if config["allow_credentials"] else "",
        "Expose-Headers": ", ".join(config["expose_headers"]),
    }
    only_preflight = {
        "Allow-Methods": ", ".join(methods),
        "Allow-Headers": ", ".join(config["allow_headers"]),
        "Max-Age": str(config["max_age"]),
    }
    return MAIN.format(
        port=port,
        vary="-Server" if anyone else "+Vary Origin",
        origins="" if anyone else f"@allowed {matcher}",
        allowed="" if anyone else "@allowed",
        preflight="" if anyone else matcher,
        common=lines(common),
        only_preflight=lines(only_preflight),
    )


def main(path: Path, port: int) -> None:
    config = json.loads(path.read_text())
    if config["allow_private_network"]:
        print("the recipe has nothing for private network access")
        sys.exit(64)
    written = path.with_name("Caddyfile")  # goes with the configuration
    written.write_text(caddyfile(config, port))
    os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(path.parent)
    os.execv(CADDY, [CADDY, "run", "--config", str(written), "--adapter", "caddyfile"])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
