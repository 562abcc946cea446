"""What Part A decides for this implementation, and no standard or page."""

from spec.rules.implementation import lists, preflights, responses

CHAPTERS = (preflights, lists, responses)
