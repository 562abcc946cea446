"""Where rules come from: links into standards, guides and the documentation page."""

MDN = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/"
WSTG = (
    "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/"
    "11-Client-side_Testing/07-Testing_Cross_Origin_Resource_Sharing"
)
ASVS = "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/"
CHEAT_SHEETS = "https://cheatsheetseries.owasp.org/cheatsheets/"
PORTSWIGGER = "https://portswigger.net/web-security/cors"
URL = "https://url.spec.whatwg.org/"
IANA = "https://www.iana.org/assignments/"
PYTHON_RE = "https://docs.python.org/3/library/re.html"


def fetch(anchor: str) -> str:
    """A link into the Fetch standard."""
    return "https://fetch.spec.whatwg.org/" + anchor


def rfc9110(section: str) -> str:
    """A link to a section of HTTP Semantics."""
    return "https://www.rfc-editor.org/rfc/rfc9110#section-" + section


def rfc9111(section: str) -> str:
    """A link to a section of HTTP Caching."""
    return "https://www.rfc-editor.org/rfc/rfc9111#section-" + section


def page(anchor: str) -> str:
    """A link into the documentation page."""
    return "https://fastapi.tiangolo.com/tutorial/cors/" + anchor


PARAMETERS = page("#use-corsmiddleware")
