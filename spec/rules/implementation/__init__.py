"""What this implementation decides where no standard and no documentation page does."""

from spec.rules.implementation import lists, preflights, responses

CHAPTERS = (preflights, lists, responses)
