"""What a configuration must be, and what is risky in it."""

from spec.rules.configuration import breadth, headers, kinds, methods, origins, regexes

CHAPTERS = (origins, regexes, methods, headers, kinds, breadth)
