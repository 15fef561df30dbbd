"""Cleaning of what people type (Property 16): nothing is escaped, what cannot be shown safely is removed."""

from __future__ import annotations

import re
import unicodedata

# A right-to-left override makes "gpj.exe" read "exe.jpg" (CVE-2021-42574, "Trojan Source"); names are shown.
_BIDIRECTIONAL = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = "\x00-\x1f\x7f-\x9f"
_REMOVED = re.compile(f"[{_CONTROLS}{_BIDIRECTIONAL}]")
_REMOVED_BUT_NEWLINE = re.compile(f"[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f{_BIDIRECTIONAL}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EDGES = "\ufeff"


class LoneSurrogate(ValueError):
    """Half of a character: it has no UTF-8 form, so it can be neither stored nor shown."""


def clean_line(text: str) -> str:
    """One line of text in NFC without control or bidirectional characters, trimmed. Raises LoneSurrogate."""
    return _clean(text, _REMOVED)


def clean_block(text: str) -> str:
    """Like `clean_line`, but line feeds stay. Raises LoneSurrogate."""
    return _clean(text.replace("\r\n", "\n"), _REMOVED_BUT_NEWLINE)


def refuse_surrogates(text: str) -> str:
    """The text itself. Raises LoneSurrogate."""
    if _SURROGATE.search(text):
        raise LoneSurrogate
    return text


def _clean(text: str, removed: re.Pattern[str]) -> str:
    text = removed.sub("", refuse_surrogates(text).replace("\t", " "))
    return _trim(unicodedata.normalize("NFC", _trim(text)))


def _trim(text: str) -> str:
    # Until nothing changes: a byte order mark may hide spaces behind it, and spaces another mark.
    while (trimmed := text.strip().strip(_EDGES)) != text:
        text = trimmed
    return text
