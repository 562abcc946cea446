"""nginx with the recipe for CORS that is copied around the web: an `if` for OPTIONS, and add_header."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

NGINX = "/usr/sbin/nginx"
USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE"]

MAIN = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{}}
http {{
    access_log off;
    default_type text/plain;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{origins}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            include {folder}/cors.conf;
            return 200 "hello";
        }}
        location = /error {{
            include {folder}/cors.conf;
            return 500;
        }}
        location = /options {{
            include {folder}/cors.conf;
            add_header 'Allow' 'GET, OPTIONS';
            return 200 "own";
        }}
    }}
}}
"""

# `add_header` of an outer level is not inherited where there is one, so that recipes write them all twice.
CORS = """\
if ($request_method = 'OPTIONS') {{
{headers}
{preflight}
    add_header 'Content-Type' 'text/plain; charset=utf-8';
    add_header 'Content-Length' 0;
    return 204;
}}
{headers}
{exposed}
"""


def quoted(text: str) -> str:
    """As a string of nginx."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def map_of_origins(config: dict[str, Any]) -> str:
    """The map that gives the origin of a request back when it is allowed, and otherwise nothing."""
    keys = list(config["allow_origins"])
    if config["allow_origin_regex"] is not None:
        keys.append(f"~^(?:{config['allow_origin_regex']})$")
    lines = ['default "";', *(f"{quoted(key)} $http_origin;" for key in keys)]
    return "map $http_origin $cors_origin {\n" + "\n".join(lines) + "\n}"


def headers(values: dict[str, str]) -> str:
    """A line for each header that has a value."""
    return "\n".join(
        f"add_header 'Access-Control-{name}' {value};" for name, value in values.items() if value
    )


def listed(names: list[str]) -> str:
    """A list as the value of a header."""
    return f"'{', '.join(names)}'" if names else ""


def recipe(config: dict[str, Any]) -> str:
    """What goes into each location."""
    methods = USUAL if "*" in config["allow_methods"] else config["allow_methods"]
    common = {
        "Allow-Origin": "'*'" if "*" in config["allow_origins"] else "$cors_origin",
        "Allow-Credentials": "'true'" if config["allow_credentials"] else "",
        "Allow-Methods": listed(methods),
        "Allow-Headers": "'*'" if "*" in config["allow_headers"] else listed(config["allow_headers"]),
    }
    return CORS.format(
        headers=headers(common),
        preflight=headers({"Max-Age": str(config["max_age"])}),
        exposed=headers({"Expose-Headers": listed(config["expose_headers"])}),
    )


def main(path: Path, port: int) -> None:
    config = json.loads(path.read_text())
    if config["allow_private_network"]:
        print("the recipe has nothing for private network access")
        sys.exit(64)
    folder = Path(tempfile.mkdtemp(prefix="nginx-", dir=path.parent))  # goes with the configuration
    origins = "" if "*" in config["allow_origins"] else map_of_origins(config)
    (folder / "cors.conf").write_text(recipe(config))
    written = folder / "nginx.conf"
    written.write_text(MAIN.format(folder=folder, origins=origins, port=port))
    os.execv(NGINX, [NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(written)])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
