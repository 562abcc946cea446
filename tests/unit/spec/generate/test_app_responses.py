"""Responses of applications are valid, and often enough speak of CORS themselves."""

from hypothesis import given

from spec.generate.app_responses import app_responses
from spec.http import Response, has_no_content, is_token
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.generate.judging import VALUE


@thresholds(
    own_origin=0.05,
    own_credentials=0.02,
    vary=0.1,
    vary_twice=0.05,
    upper=0.1,
    error=0.1,
    doubled=0.1,
    body=0.1,
)
@given(app_responses())
def test_app_responses_are_valid_and_often_speak_of_cors_themselves(response: Response) -> None:
    names = [name.lower() for name, _ in response.headers]
    hit(
        own_origin=b"access-control-allow-origin" in names,
        own_credentials=b"access-control-allow-credentials" in names,
        vary=b"vary" in names,
        vary_twice=names.count(b"vary") > 1,
        upper=any(name != name.lower() for name, _ in response.headers),
        error=response.status >= 400,
        doubled=len(names) > len(set(names)),
        body=bool(response.body),
    )
    assert all(is_token(name) and VALUE.fullmatch(value) for name, value in response.headers)
    assert all(value == value.strip(b" \t") for name, value in response.headers if name.lower() != b"vary")
    assert not (response.body and has_no_content(response.status))
