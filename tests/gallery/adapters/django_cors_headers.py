"""django-cors-headers in a Django of one file, served by waitress."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import django
import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

ALL_METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]  # the library's own default


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello", content_type="text/plain")


def error(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("an error of the application")


def options(request: HttpRequest) -> HttpResponse:
    return HttpResponse("own", content_type="text/plain", headers={"Allow": "GET, OPTIONS"})


urlpatterns = [path("", hello), path("error", error), path("options", options)]


def main(config: dict[str, Any], port: int) -> None:
    if "*" in config["allow_headers"]:
        print("django-cors-headers has no way to allow every request header")
        sys.exit(64)
    regex = config["allow_origin_regex"]
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        LOGGING_CONFIG=None,
        INSTALLED_APPS=["corsheaders"],
        MIDDLEWARE=["corsheaders.middleware.CorsMiddleware", "django.middleware.common.CommonMiddleware"],
        CORS_ALLOW_ALL_ORIGINS="*" in config["allow_origins"],
        CORS_ALLOWED_ORIGINS=[origin for origin in config["allow_origins"] if origin != "*"],
        # its documentation writes every pattern with both anchors
        CORS_ALLOWED_ORIGIN_REGEXES=[] if regex is None else [rf"^(?:{regex})$"],
        CORS_ALLOW_METHODS=ALL_METHODS if "*" in config["allow_methods"] else config["allow_methods"],
        CORS_ALLOW_HEADERS=config["allow_headers"],
        CORS_ALLOW_CREDENTIALS=config["allow_credentials"],
        CORS_ALLOW_PRIVATE_NETWORK=config["allow_private_network"],
        CORS_EXPOSE_HEADERS=config["expose_headers"],
        CORS_PREFLIGHT_MAX_AGE=config["max_age"],
    )
    django.setup()
    logging.disable()
    waitress.serve(get_wsgi_application(), host="127.0.0.1", port=port)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
