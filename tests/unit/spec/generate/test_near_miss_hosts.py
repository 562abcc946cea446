"""Near misses with another host."""

from spec.generate.near_miss_origins import near_misses


def test_an_international_name_is_also_sent_as_its_reader_sees_it() -> None:
    found = {near_miss.lines for near_miss in near_misses("https://xn--bcher-kva.example")}
    assert ("https://b\u00fccher.example".encode(),) in found
    assert ("https://b\u00fccher.example".encode("latin-1"),) in found
    assert near_misses("https://xn--\u00e9.example")  # no punycode: kept as it is
