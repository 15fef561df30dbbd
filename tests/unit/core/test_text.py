"""Cleaning of what people type."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core import text

ANY_TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\t\r\n\x00\u202e\u2066\ufeff \u0301"))
clean_line, clean_block = partial(text.clean_line, most=100), partial(text.clean_block, most=100)
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
    cleaned = clean_line(typed)

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
    cleaned = clean_block(typed)

    assert cleaned == kept


@pytest.mark.parametrize("clean", [clean_line, clean_block, text.refuse_surrogates])
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
    line, block = clean_line(typed), clean_block(typed)

    assert clean_line(line) == line
    assert clean_block(block) == block


@given(ANY_TEXT)
def test_nothing_unsafe_is_left(typed: str) -> None:
    """No control or bidirectional character survives, the text is NFC and trimmed."""
    line, block = clean_line(typed), clean_block(typed)

    assert not UNSAFE.search(line)
    assert not UNSAFE.search(block.replace("\n", ""))
    for cleaned in (line, block):
        assert unicodedata.is_normalized("NFC", cleaned)
        assert cleaned == cleaned.strip().strip("\ufeff")


def test_no_character_stands_for_more_than_four() -> None:
    """Whatever is longer than four times a bound is longer than the bound in every composed form."""
    every = (chr(number) for number in range(sys.maxunicode + 1))

    assert max(len(unicodedata.normalize("NFD", letter)) for letter in every) == 4


def test_a_text_of_four_times_its_bound_is_composed() -> None:
    """The longest spelling of a text that has just as many characters as it may is still composed."""
    letter = "\u1f82"

    spelt = unicodedata.normalize("NFD", letter * 100)

    assert len(spelt) == 400
    assert clean_line(spelt) == letter * 100


def test_white_space_and_marks_in_turns_are_trimmed() -> None:
    """However many layers of spaces and byte order marks there are, none is left at the ends."""
    layers = "\ufeff \u3000\x85" * 1000

    assert clean_line(f"{layers}Ada{layers}") == "Ada"
