"""What is known of a server that is not ours: where to ask, and what its implementation cannot do."""

from dataclasses import dataclass, replace

from spec.browser.methods_and_headers import normalize_method
from spec.config import Config
from spec.http import Request, is_token
from spec.origin import parse_pattern
from spec.rules.record import Rule

# The features that an implementation may lack: parameters of the configuration, `origin_patterns` for entries
# of allow_origins with `*.` or `:*`, and `preflights` for a server that leaves OPTIONS to others.
FEATURES = (
    "allow_methods",
    "allow_headers",
    "allow_credentials",
    "allow_origin_regex",
    "allow_private_network",
    "expose_headers",
    "max_age",
    "origin_patterns",
    "preflights",
)

UNFIT = ("HEAD", "OPTIONS", "TRACE", "CONNECT")
"""Methods whose responses are not read by scripts, or not as those of others are."""


@dataclass(frozen=True)
class Target:
    """Facts about a server.

    `path` answers GET with 2xx. `error_path` answers GET with an error, `options_path` has a handler for
    OPTIONS of its own; None: there is no such path. `lacks` names features that the implementation does not
    have: their rules are then not applicable; so are those of `unstated` parameters of the configuration, for
    not every server has our defaults. `method` is another method than GET that `path` takes instead, with
    `body`, whose `content_type` is None when it is not told; HEAD is then not sent. Raises ValueError for a
    path without a leading slash, an unknown feature, and a method that asks for nothing.
    """

    path: str = "/"
    error_path: str | None = None
    options_path: str | None = None
    lacks: frozenset[str] = frozenset()
    method: str = "GET"
    body: bytes = b""
    content_type: str | None = None
    unstated: frozenset[str] = frozenset({"max_age"})

    def __post_init__(self) -> None:
        for name in ("path", "error_path", "options_path"):
            value = getattr(self, name)
            if value is not None and not value.startswith("/"):
                raise ValueError(f"{name}: {value!r} does not begin with a slash; write {'/' + value!r}")
        object.__setattr__(self, "lacks", frozenset(self.lacks))
        for feature in sorted(self.lacks - set(FEATURES)):
            raise ValueError(f"lacks: {feature!r} is no known feature; choose from {', '.join(FEATURES)}")
        if self.method.upper() in UNFIT or not is_token(self.method.encode()):
            raise ValueError(f"method: {self.method!r} cannot be checked; write for instance POST")
        if (sent := normalize_method(self.method)) != self.method:
            raise ValueError(f"method: browsers send {self.method!r} in upper case; write {sent!r}")
        if self.body and self.method == "GET":
            raise ValueError("body: GET has no body; set a method too, such as POST")

    def asked(self, request: Request) -> Request | None:
        """A request as this server takes it: what would be GET of `path`, with its method and body.

        None for HEAD of a path that does not take GET.
        """
        of_path = request.path.partition("?")[0] == self.path.partition("?")[0]
        if self.method == "GET" or not of_path or request.method not in ("GET", "HEAD"):
            return request
        if request.method == "HEAD":
            return None
        kind = () if self.content_type is None else ((b"content-type", self.content_type.encode()),)
        return Request(self.method, (*request.headers, *kind), request.path, self.body)

    def missing_feature(self, rule: Rule) -> str | None:
        """A feature that a rule needs, and that is lacking or not stated; None when it has all.

        Of max_age the rules know themselves which value may be a default that nobody has stated.
        """
        missing = self.lacks | self.unstated - {"max_age"}
        return next((name for name in sorted(missing) if name in rule.needs), None)

    def attainable(self, config: Config) -> Config:
        """The configuration without its patterns, where the implementation knows none."""
        if "origin_patterns" not in self.lacks:
            return config
        origins = tuple(entry for entry in config.allow_origins if parse_pattern(entry) is None)
        return replace(config, allow_origins=origins)
