"""Valid inputs with something changed."""

from __future__ import annotations

import string
from collections.abc import Sequence

from hypothesis import strategies as st

TRICKS = (
    *(b"\0", b"\n", b"\r\n", b"\t", b" ", b"\xa0", b"\x85", b"\x7f", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80"),
    *(b"=", b"==", b".", b"..", b"/", b"//", b"\\", b"%", b"%00", b"%2e", b"%ff", b";", b",", b":", b'"', b"'", b"#"),
    *("\u202e".encode(), "\ufeff".encode(), "\u0301".encode(), "\uff0e".encode(), "ß".encode(), "🙂".encode()),
    *(b"-1", b"0", b"1e999", b"9" * 30, b"9" * 5000, b"NaN", b"null", b"true", b"[", b"{", b"[" * 2000),
)


LETTERS = (string.ascii_letters + string.digits + "-_+/=").encode()


@st.composite
def changed(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with up to four changes, or now and then bytes of no kind."""
    if draw(st.integers(0, 15)) == 0:
        return draw(st.binary(max_size=200))
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        data = _once(draw, data, seeds)
    return data


def _once(draw: st.DrawFn, data: bytes, seeds: Sequence[bytes]) -> bytes:
    start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    before, cut, after = data[:start], data[start:end], data[end:]
    match draw(st.sampled_from(["flip", "drop", "cut", "insert", "replace", "repeat", "case", "last", "other"])):
        case "flip" if cut:
            return before + bytes((cut[0] ^ (1 << draw(st.integers(0, 7))),)) + data[start + 1 :]
        case "drop":
            return before + after
        case "cut":
            return before
        case "insert":
            return before + draw(st.sampled_from(TRICKS)) + data[start:]
        case "replace":
            return before + draw(st.binary(min_size=1, max_size=8)) + after
        case "repeat":
            return before + cut * draw(st.sampled_from((2, 3, 50))) + after
        case "case":
            return before + cut.swapcase() + after
        case "last":
            # Of a text in base64 several last letters may stand for the same bytes.
            return data[:-1] + bytes((draw(st.sampled_from(LETTERS)),))
        case "other":
            return before + draw(st.sampled_from(seeds)) + after
    return data
