"""What the tables of rules about servers and about our middleware are written with."""

from spec import Config
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    TRUE,
    A,
    B,
    asks,
    get,
    gives,
    permits,
    says,
)

ACAO = "access-control-allow-origin: "
ACAC = "access-control-allow-credentials: "
ACAM = "access-control-allow-methods: "
ACAH = "access-control-allow-headers: "
ACEH = "access-control-expose-headers: "
MAX_AGE = "access-control-max-age: "
ACRH = "access-control-request-headers: "
ANYONE = "access-control-allow-origin: *"
STAR = "access-control-allow-headers: *"
STAR_METHOD = "access-control-allow-methods: *"
BY_ORIGIN = "vary: Origin"
BELOW_A = "https://b.a.example"
PRIVATE_TOO = "access-control-allow-private-network: true"
SITES = Config(allow_origins=(A, B), allow_credentials=True)
OTHER = Config(allow_origins=(A,), max_age=1)
PRIVATE = Config(allow_origins=(A,), allow_methods=("PUT",), allow_private_network=True)
FROM_A = get(f"origin: {A}")
FROM_B = get(f"origin: {B}")
FROM_BOTH = get(f"origin: {A} | origin: {B}")
PUT_FROM_A = get(f"origin: {A}", "PUT")
WANTS_PRIVATE = asks(more="access-control-request-private-network: true")
OK = says(200, "OK", permits())
NO = says(400, "no")
TO_A = gives(A_ALONE)
TO_B = gives(f"access-control-allow-origin: {B}")
TO_ALL = gives("access-control-allow-origin: *")
TO_NONE = gives()
TO_A_WITH_CREDENTIALS = gives(A_WITH_CREDENTIALS)
APP_TRUE = gives(TRUE)
