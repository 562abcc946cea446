"""What is known of a server that is not ours: where to ask, and what its implementation cannot do."""

from dataclasses import dataclass, replace

from spec.config import Config
from spec.origin import parse_pattern

# The features that an implementation may lack, and the rules that ask for them. A feature is a parameter of
# the configuration, `origin_patterns` for entries of allow_origins with `*.` or `:*`, or `preflights` for a
# server that leaves OPTIONS to others.
FEATURES: dict[str, frozenset[str]] = {
    "allow_methods": frozenset({"D-11", "D-18", "S-PF-12", "S-PF-6", "S-HTTP-1", "A-PF-6"}),
    "allow_headers": frozenset({"D-12", "D-19", "D-20", "S-PF-10", "S-PF-11", "A-PF-7", "A-PF-8"}),
    "allow_credentials": frozenset({"D-10", "D-13", "S-CRD-2", "S-CRD-3"}),
    "allow_origin_regex": frozenset({"D-16", "D-17", "SEC-3"}),
    "allow_private_network": frozenset({"A-PF-9"}),
    "expose_headers": frozenset({"D-23", "S-RSP-5"}),
    "max_age": frozenset({"D-24", "S-PF-13"}),
    "origin_patterns": frozenset({"A-ORG-1"}),
    "preflights": frozenset(
        "D-04 D-11 D-12 D-13 D-18 D-19 D-20 D-24 D-27 S-WRK-2 S-CRD-2 S-CRD-3 S-CRD-5 S-PF-3 S-PF-4 S-PF-6 "
        "S-PF-7 S-PF-9 S-PF-10 S-PF-11 S-PF-12 S-PF-13 S-PF-14 S-PF-15 S-HTTP-1 S-HTTP-2 S-HTTP-3 "
        "S-HTTP-5".split()
    ),
}


@dataclass(frozen=True)
class Target:
    """Facts about a server.

    `path` answers GET with 2xx. `error_path` answers GET with an error, `options_path` has a handler for
    OPTIONS of its own; None: there is no such path. `lacks` names features that the implementation does not
    have: their rules are then not applicable. Raises ValueError for a path without a leading slash, and for
    an unknown feature.
    """

    path: str = "/"
    error_path: str | None = None
    options_path: str | None = None
    lacks: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("path", "error_path", "options_path"):
            value = getattr(self, name)
            if value is not None and not value.startswith("/"):
                raise ValueError(f"{name}: {value!r} does not begin with a slash; write {'/' + value!r}")
        object.__setattr__(self, "lacks", frozenset(self.lacks))
        for feature in sorted(self.lacks - set(FEATURES)):
            raise ValueError(f"lacks: {feature!r} is no known feature; choose from {', '.join(FEATURES)}")

    def missing_feature(self, rule: str) -> str | None:
        """The feature that a rule asks for and the implementation lacks; None when it has all."""
        return next((name for name in sorted(self.lacks) if rule in FEATURES[name]), None)

    def attainable(self, config: Config) -> Config:
        """The configuration without its patterns, where the implementation knows none."""
        if "origin_patterns" not in self.lacks:
            return config
        origins = tuple(entry for entry in config.allow_origins if parse_pattern(entry) is None)
        return replace(config, allow_origins=origins)
