"""Apache with the recipe for CORS by mod_headers: SetEnvIf for the origin, and `Header always set … env=`."""

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

APACHE = "/usr/sbin/apache2"
MODULES = ("mpm_event", "authz_core", "dir", "mime", "alias", "setenvif", "headers", "rewrite")
USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE"]

MAIN = """\
{modules}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
Mutex file:{folder}
ErrorLog {folder}/error.log
LogLevel crit
DocumentRoot {folder}/site
DirectoryIndex hello.txt
TypesConfig /dev/null
AddType text/plain .txt
<Directory {folder}/site>
    Require all granted
</Directory>
Redirect 500 /error

{origins}
{headers}
{vary}
RewriteEngine On
RewriteCond %{{REQUEST_METHOD}} OPTIONS
RewriteRule ^ - [R=204,L]
"""


def origin(config: dict[str, Any]) -> tuple[str, str, str]:
    """The lines that look at the origin, the value of the header, and the condition of them all."""
    if "*" in config["allow_origins"]:
        return "", '"*"', ""
    patterns = [re.escape(each) for each in config["allow_origins"]]
    patterns += [config["allow_origin_regex"]] if config["allow_origin_regex"] is not None else []
    line = f'SetEnvIf Origin "^(?:{"|".join(patterns)})$" CORS_ORIGIN=$0'
    return line, '"%{CORS_ORIGIN}e"', " env=CORS_ORIGIN"


def recipe(config: dict[str, Any]) -> dict[str, str]:
    """What is about CORS in the configuration of Apache."""
    origins, value, condition = origin(config)
    methods = USUAL if "*" in config["allow_methods"] else config["allow_methods"]
    quoted = {
        "Allow-Methods": ", ".join(methods),
        "Allow-Headers": ", ".join(config["allow_headers"]),
        "Allow-Credentials": "true" if config["allow_credentials"] else "",
        "Expose-Headers": ", ".join(config["expose_headers"]),
        "Max-Age": str(config["max_age"]),
    }
    values = {"Allow-Origin": value, **{name: f'"{text}"' for name, text in quoted.items() if text}}
    lines = [f"Header always set Access-Control-{name} {text}{condition}" for name, text in values.items()]
    return {
        "origins": origins,
        "headers": "\n".join(lines),
        "vary": "Header always merge Vary Origin" if origins else "",
    }


def main(path: Path, port: int) -> None:
    config = json.loads(path.read_text())
    if config["allow_private_network"]:
        print("the recipe has nothing for private network access")
        sys.exit(64)
    folder = Path(tempfile.mkdtemp(prefix="apache-", dir=path.parent))  # goes with the configuration
    path.parent.chmod(0o755)  # for the user that Apache changes to
    folder.chmod(0o755)
    (folder / "site").mkdir()
    (folder / "site" / "hello.txt").write_text("hello")
    modules = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES
    )
    written = folder / "apache.conf"
    written.write_text(MAIN.format(modules=modules, folder=folder, port=port, **recipe(config)))
    os.execv(APACHE, [APACHE, "-X", "-f", str(written)])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
