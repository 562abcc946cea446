"""What is known of a server that is not ours: where to ask, and what its implementation cannot do."""

from dataclasses import dataclass, replace

from spec.config import Config
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


@dataclass(frozen=True)
class Target:
    """Facts about a server.

    `path` answers GET with 2xx. `error_path` answers GET with an error, `options_path` has a handler for
    OPTIONS of its own; None: there is no such path. `lacks` names features that the implementation does not
    have: their rules are then not applicable. `unstated` names parameters that nobody stated: not every
    server has our default. Raises ValueError for a path without a leading slash, and for
    an unknown feature.
    """

    path: str = "/"
    error_path: str | None = None
    options_path: str | None = None
    lacks: frozenset[str] = frozenset()
    unstated: frozenset[str] = frozenset({"max_age"})

    def __post_init__(self) -> None:
        for name in ("path", "error_path", "options_path"):
            value = getattr(self, name)
            if value is not None and not value.startswith("/"):
                raise ValueError(f"{name}: {value!r} does not begin with a slash; write {'/' + value!r}")
        object.__setattr__(self, "lacks", frozenset(self.lacks))
        for feature in sorted(self.lacks - set(FEATURES)):
            raise ValueError(f"lacks: {feature!r} is no known feature; choose from {', '.join(FEATURES)}")

    def missing_feature(self, rule: Rule) -> str | None:
        """A feature that a rule needs and the implementation lacks; None when it has all."""
        return next((name for name in sorted(self.lacks) if name in rule.needs), None)

    def attainable(self, config: Config) -> Config:
        """The configuration without its patterns, where the implementation knows none."""
        if "origin_patterns" not in self.lacks:
            return config
        origins = tuple(entry for entry in config.allow_origins if parse_pattern(entry) is None)
        return replace(config, allow_origins=origins)
