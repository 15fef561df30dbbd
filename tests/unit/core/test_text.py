"""Cleaning of what people type."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core import text

ANY_TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\t\r\n\x00\u202e\u2066\ufeff \u0301"))
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada", "Ada"),
        ("  Ada \u00a0\u3000", "Ada"),
        ("A\tB", "A B"),
        ("A\r\nB", "AB"),
        ("A\x00\x1b[31m\x7f\x85B", "A[31mB"),
        ("gpj.\u202eexe\u202c", "gpj.exe"),
        ("\u2066Ada\u2069", "Ada"),
        ("\ufeff \ufeff Ada \ufeff", "Ada"),
        ("A\ufeffB", "A\ufeffB"),
        ("Ame\u0301lie", "Amélie"),
        ("e\x00\u0301", "é"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\t\x00\ufeff", ""),
    ],
)
def test_a_line_is_cleaned(typed: str, kept: str) -> None:
    """A line loses what cannot be shown safely, and nothing else."""
    cleaned = text.clean_line(typed)

    assert cleaned == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\r\ntwo", "one\ntwo"),
        ("one\rtwo", "onetwo"),
        ("\n one \n", "one"),
        ("a\tb\nc\x0b\x0cd", "a b\ncd"),
        ("\u202eabc", "abc"),
    ],
)
def test_a_block_keeps_its_lines(typed: str, kept: str) -> None:
    """A block is cleaned like a line, but its line feeds stay."""
    cleaned = text.clean_block(typed)

    assert cleaned == kept


@pytest.mark.parametrize("clean", [text.clean_line, text.clean_block, text.refuse_surrogates])
@pytest.mark.parametrize("broken", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_half_a_character_is_refused(clean: object, broken: str) -> None:
    """A lone surrogate, which has no UTF-8 form, is an error and not removed in silence."""
    assert callable(clean)

    with pytest.raises(text.LoneSurrogate):
        clean(broken)


def test_text_without_surrogates_passes_unchanged() -> None:
    """Refusing surrogates changes nothing else, not even at the ends."""
    passed = text.refuse_surrogates(" p\x00ass ")

    assert passed == " p\x00ass "


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    """What was cleaned is clean: a value read from the store and sent back does not change."""
    line, block = text.clean_line(typed), text.clean_block(typed)

    assert text.clean_line(line) == line
    assert text.clean_block(block) == block


@given(ANY_TEXT)
def test_nothing_unsafe_is_left(typed: str) -> None:
    """No control or bidirectional character survives, the text is NFC and trimmed."""
    line, block = text.clean_line(typed), text.clean_block(typed)

    assert not UNSAFE.search(line)
    assert not UNSAFE.search(block.replace("\n", ""))
    for cleaned in (line, block):
        assert unicodedata.is_normalized("NFC", cleaned)
        assert cleaned == cleaned.strip().strip("\ufeff")
