"""Why it matters, in a line, that a rule is broken: what it lets happen, or keeps from working."""

OPEN = "A page that was not meant to can read this answer."
OPEN_WITH_CREDENTIALS = "A page that was not meant to can read what its visitor sees when logged in."
CLOSED = "Browsers keep an answer from a page that was meant to read it."
CACHE = "A cache may serve what was made for another origin: too open, or blocked for no visible reason."
UNREADABLE = "Browsers read this otherwise than it is meant, or not at all."
FRAGILE = "Browsers do not send this, but proxies and other clients may rewrite a request into it."
NOISE = "It has no effect in browsers, and tells more than it needs."
CHECKED_LESS = "Something of a request reaches the answer unchecked."

REASONS: dict[str, str] = {
    **dict.fromkeys(["S-ORG-3", "S-ORG-4", "SEC-2", "SEC-3", "S-ORG-2", "D-01", "D-02", "D-05"], OPEN),
    **dict.fromkeys(["S-CRD-6", "SEC-7", "D-07", "D-21", "S-CRD-4"], OPEN_WITH_CREDENTIALS),
    "S-ORG-1": "Browsers refuse an answer that names another origin than theirs.",
    "S-ORG-6": "No browser sends this; what lies between may read it otherwise than the server does.",
    "S-ORG-5": "A stranger is named or given credentials: one mistake more, and it can read.",
    "S-CRD-1": "Browsers refuse it with credentials: nobody gets what was meant.",
    "S-PF-5": "A page may send what it was not meant to send: the request is made, and has its effect.",
    "S-PF-8": CHECKED_LESS,
    "S-SYN-5": CHECKED_LESS,
    "S-HTTP-8": CHECKED_LESS,
    "X-PNA-1": "A public page may reach a server of a private network.",
    **dict.fromkeys(
        ["S-VARY-1", "S-VARY-2", "S-VARY-5", "SEC-11", "S-RSP-7", "S-HTTP-9", "S-HTTP-10"], CACHE
    ),
    "S-VARY-4": "What the application says about caching is lost.",
    **dict.fromkeys(
        ["S-SYN-1", "S-SYN-2", "S-SYN-3", "S-SYN-4", "S-HTTP-4", "S-HTTP-6", "S-RSP-4"], UNREADABLE
    ),
    **dict.fromkeys(["S-PF-7", "S-HTTP-2", "S-HTTP-3", "S-HTTP-5"], FRAGILE),
    "S-SYN-6": NOISE,
    "S-HTTP-7": OPEN,
    "S-HTTP-12": "A client cannot learn which methods there are.",
    "S-HTTP-13": "The next answer on the same connection may be read wrongly.",
    **dict.fromkeys(["S-PF-6", "S-HTTP-1"], "Another method is allowed than the one that was named."),
    **dict.fromkeys(["S-WRK-1", "S-WRK-2"], CLOSED),
}


def reason(rule: str) -> str:
    """Why a rule matters; of most documented ones, that the page says so."""
    return REASONS.get(rule, "The server does not do what its configuration says.")
