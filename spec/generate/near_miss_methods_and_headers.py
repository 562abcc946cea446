"""Near misses of a method, and the forms of a header list, right and wrong, in `Access-Control-Request-…`."""

from collections.abc import Sequence

from spec.generate.vocabulary import BLANKS, LINE_ENDS, Lines


def method_near_misses(method: str) -> list[Lines]:
    """What is sent as `Access-Control-Request-Method` instead of this method, without repetition."""
    name = method.encode()
    others = [
        name.lower(),
        name.upper(),
        name.title(),
        name[:-1],
        name[1:],
        name + b"X",
        b"X" + name,
        name * 2,
    ]
    others += [
        b"",
        b"*",
        b" ",
        b" " + name,
        name + b" ",
        b"\t" + name,
        name + b"\t",
        name + b"\0",
    ]
    others += [name + blank for blank in BLANKS + LINE_ENDS] + [blank + name for blank in BLANKS + LINE_ENDS]
    others += [
        name + b"," + name,
        name + b", GET",
        b"GET, " + name,
        name + b" GET",
        name + b",",
        b'"' + name + b'"',
    ]
    others += [
        b"CONNECT",
        b"TRACE",
        b"TRACK",
        b"get",
        b"patch",
        "\u017fearch".encode(),
        name + b"\xe9",
    ]
    doubled = [
        (name, b"GET"),
        (b"GET", name),
        (name, b""),
        (b"", name),
        (name, name.swapcase()),
        (name, b"X"),
    ]
    forms = [(other,) for other in others] + doubled
    return [form for form in dict.fromkeys(forms) if set(form) != {name}]


def header_list_forms(names: Sequence[str]) -> list[Lines]:
    """Ways to send these names as `Access-Control-Request-Headers` that all ask for the same.

    The first is a browser's (lower case, sorted, each once, comma without space); the others differ in order,
    case, repetition, space and tab, empty elements, and the split over lines:
    https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
    """
    if not names:
        return [
            (),
            (b"",),
            (b",",),
            (b" ",),
            (b"\t",),
            (b" , ,\t,",),
            (b"", b""),
            (b",", b" "),
        ]
    given = [name.encode() for name in names]
    browser = sorted({name.lower() for name in given})
    upper = [name.upper() for name in browser]
    mixed = [name.title() for name in browser]
    forms: list[Lines] = [(b",".join(browser),)]
    for spelling in (
        given,
        browser[::-1],
        upper,
        mixed,
        browser + browser,
        browser + upper,
    ):
        forms += [(b",".join(spelling),), (b", ".join(spelling),), tuple(spelling)]
    for separator in (b" ,", b"\t,\t", b" \t , \t ", b",,", b", ,", b" ,\t, ,"):
        forms.append((separator.join(browser),))
    joined = b",".join(browser)
    for before, after in (
        (b"", b","),
        (b",", b""),
        (b",,", b",,"),
        (b" ", b" "),
        (b"\t", b"\t"),
        (b" ,\t", b"\t, "),
    ):
        forms.append((before + joined + after,))
    forms += [
        (b"", joined),
        (joined, b""),
        (b",", joined, b" "),
        (joined, joined),
        (joined, b",".join(upper)),
    ]
    forms += [
        (b",".join(browser[:1]), b",".join(browser[1:])),
        (b",".join(browser[1:]), b",".join(browser[:1])),
    ]
    return list(dict.fromkeys(forms))


def header_list_breakers(names: Sequence[str] = ()) -> list[Lines]:
    """Values of `Access-Control-Request-Headers` that are no list of field names, some beside these names."""
    given = b",".join(name.encode() for name in names) or b"x-a"
    first = given.split(b",")[0]
    wrong = [bytes([code]) for code in b'"(){}[]<>@/\\:;=?']
    wrong += [
        bytes([code])
        for code in (
            *range(0x09),
            *range(0x0A, 0x20),
            0x7F,
            0x80,
            0x85,
            0xA0,
            0xE9,
            0xFF,
        )
    ]
    wrong += [*BLANKS, "\u0430".encode(), b"\r\n", b"\n\n"]
    forms: list[Lines] = []
    for piece in wrong:
        forms += [
            (first + piece,),
            (piece + first,),
            (given + b"," + piece,),
            (piece + b"," + given,),
        ]
    forms += [
        (first + b" " + first,),
        (first + b"\t" + first,),
        (first + b" x",),
        (b'"' + first + b'"',),
    ]
    forms += [
        (first + b": 1",),
        (first + b"\r\nx-injected: 1",),
        (given, b"x y"),
        (b"x y", given),
        (given, b"\xa0"),
    ]
    return list(dict.fromkeys(forms))


def header_list_floods(
    names: Sequence[str] = (), sizes: Sequence[int] = (8192, 16384, 16385, 65536)
) -> list[Lines]:
    """Very long `Access-Control-Request-Headers`, whose values together are exactly so many bytes long.

    Commas, blanks, one long name, many short names, and many lines; where it fits, they ask for these names
    first.
    """
    start = b"".join(name.encode().lower() + b"," for name in names)
    forms: list[Lines] = []
    for size in sizes:
        for filling in (
            b",",
            b" ",
            b"\t",
            b", ",
            b"a",
            b"a,",
            b"x-a,",
            *((start,) if start else ()),
        ):
            value = start + filling * (size // len(filling) + 1)
            forms.append((value[:size],))
        forms.append((start + b"," * (size // 2 - len(start)), b"," * (size - size // 2)))
        forms.append((start, *[b","] * (size - len(start))))
    return list(dict.fromkeys(forms))
