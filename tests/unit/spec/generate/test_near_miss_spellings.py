"""Near misses with another port."""

from spec.generate.near_miss_origins import near_misses


def test_ports_are_changed_dropped_and_lengthened() -> None:
    found = {near_miss.lines for near_miss in near_misses("http://localhost:3000")}
    expected = [
        "http://localhost",
        "http://localhost:30001",
        "http://localhost:3000.evil.example",
        "http://localhost:",
    ]
    assert {(value.encode(),) for value in expected} <= found
