"""Cleaning of what people type (Property 16): nothing is escaped, what cannot be shown safely is removed."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

# A right-to-left override makes "gpj.exe" read "exe.jpg" (CVE-2021-42574, "Trojan Source"); names are shown.
_BIDIRECTIONAL = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = "\x00-\x1f\x7f-\x9f"
_REMOVED = re.compile(f"[{_CONTROLS}{_BIDIRECTIONAL}]")
_REMOVED_BUT_NEWLINE = re.compile(f"[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f{_BIDIRECTIONAL}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# White space, and the byte order mark; together, since trimming one and then the other has no end in a mixture.
_EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff"
_MOST_OF_ONE = 4
"""How many characters one may stand for in the normal forms that compose."""


class LoneSurrogate(ValueError):
    """Half of a character: it has no UTF-8 form, so it can be neither stored nor shown."""


def clean_line(text: str, most: int) -> str:
    """One line of text in NFC without control or bidirectional characters, trimmed. Raises LoneSurrogate.

    `most` is as in `normalised`.
    """
    return _clean(text, _REMOVED, most)


def clean_block(text: str, most: int) -> str:
    """Like `clean_line`, but line feeds stay. Raises LoneSurrogate."""
    return _clean(text.replace("\r\n", "\n"), _REMOVED_BUT_NEWLINE, most)


def normalised(form: Literal["NFC", "NFKC"], text: str, most: int) -> str:
    """The text in a normal form, or as it is when in that form too it would have more than `most` characters.

    Sorting the marks behind a letter takes time by the square of their number: those of one body hold up every
    other request for seconds.
    """
    return unicodedata.normalize(form, text) if len(text) <= _MOST_OF_ONE * most else text


def refuse_surrogates(text: str) -> str:
    """The text itself. Raises LoneSurrogate."""
    if _SURROGATE.search(text):
        raise LoneSurrogate
    return text


def _clean(text: str, removed: re.Pattern[str], most: int) -> str:
    text = removed.sub("", refuse_surrogates(text).replace("\t", " "))
    return normalised("NFC", text.strip(_EDGES), most).strip(_EDGES)
