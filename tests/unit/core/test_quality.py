"""The rules for a password that is to open an account from now on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.core.quality import BREACHED, TOO_CLOSE, TOO_COMMON, PasswordQuality, folded, made_of, predictable

ADA = "ada.lovelace@example.com"


class Listed:
    """Lists of common and of breached passwords, and a note of what was asked."""

    def __init__(self, *passwords: str) -> None:
        self.passwords = passwords
        self.asked: list[str] = []

    def include(self, folded: str) -> bool:
        self.asked.append(folded)
        return folded in self.passwords


class Breached(Listed):
    """The same as who is asked over a network."""

    async def include(self, password: str) -> bool:  # type: ignore[override]
        return Listed.include(self, password)


def refusal(act: Callable[[], object]) -> Problem:
    """The one problem that a call finds."""
    with pytest.raises(InvalidInput) as caught:
        act()
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("typed", ["sunshine1", "SunShine1", "ＳＵＮＳＨＩＮＥ１"])
def test_a_common_password_is_refused(typed: str) -> None:
    """Whatever its case and its width, it is compared as the list spells it."""
    quality = PasswordQuality(common=Listed("sunshine1"))

    problem = refusal(lambda: quality.rule(typed))

    assert problem == Problem(TOO_COMMON, "password")


@pytest.mark.parametrize("typed", ["sunshine12", " sunshine1", "my sunshine1 and yours"])
def test_a_password_is_compared_whole(typed: str) -> None:
    """A common password is part of many a good one."""
    quality = PasswordQuality(common=Listed("sunshine1"))

    assert quality.rule(typed) == typed


def test_a_rule_of_length_is_told_first() -> None:
    """What is too short is said to be too short, and no list is asked."""
    listed = Listed("short")

    problem = refusal(lambda: PasswordQuality(common=listed).rule("short"))

    assert problem.message == "Password must be at least 8 characters"
    assert listed.asked == []


@pytest.mark.parametrize(
    "typed",
    [
        "aaaaaaaa",
        "AaAaAaAa",
        "        ",
        "🙂" * 8,
        "x" * 128,
        "abababab",
        "ababababa",
        "12312312",
        "abcdefgh",
        "ABCDEFGH",
        "12345678",
        "987654321",
        "zyxwvuts",
        "абвгдежз",
    ],
)
def test_what_counts_or_repeats_is_refused(typed: str) -> None:
    """A password that only counts up or down, or repeats up to three characters, needs no list to be common."""
    problem = refusal(lambda: PasswordQuality(common=Listed()).rule(typed))

    assert problem == Problem(TOO_COMMON, "password")


@pytest.mark.parametrize("typed", ["aaaaaaab", "abcdefgi", "abcdabce", "13579111", "correct horse"])
def test_what_almost_repeats_is_not_predictable(typed: str) -> None:
    """One character out of turn is enough to be no mere sequence."""
    assert not predictable(typed)


@pytest.mark.parametrize(
    "typed",
    [
        ADA,
        ADA.upper(),
        "ada.lovelace",
        "AdaLovelace",
        "ada_lovelace1!",
        "ada.lovelace1852",
        "Acme Login",
        "acme-login",
        "acmelogin1",
        "ACME LOGIN!!",
    ],
)
def test_what_everybody_would_expect_is_refused(typed: str) -> None:
    """The address, what stands before the @, and the product's name are no passwords, nor are they with a year."""
    quality = PasswordQuality(common=Listed(), product_name="Acme Login")

    problem = refusal(lambda: quality.refuse_expected(typed, ADA))

    assert problem == Problem(TOO_CLOSE, "password")


@pytest.mark.parametrize(
    "typed", ["ada.lovelace18520", "ada.lovelace and me", "my ada.lovelace", "acme login please", "countess"]
)
def test_what_holds_more_is_taken(typed: str) -> None:
    """A name inside a longer password is nobody's business."""
    quality = PasswordQuality(common=Listed(), product_name="Acme Login")

    quality.refuse_expected(typed, ADA)

    assert not made_of("ada.lovelace", typed)


@pytest.mark.parametrize("word", ["", "!!!!", " "])
def test_a_word_without_letters_expects_nothing(word: str) -> None:
    """A product may be named with marks alone; that refuses no password."""
    assert not made_of(word, "!!!!!!!!")


@pytest.mark.parametrize("typed", ["aaaaaaaa", "12345678", "password"])
async def test_without_a_list_nothing_is_too_common(typed: str) -> None:
    """Who turns the rule off may choose anything that is long enough."""
    quality = PasswordQuality(product_name=typed)

    await quality.refuse_known(typed, f"{typed}@example.com")

    assert quality.rule(typed) == typed


async def test_a_breached_password_is_refused() -> None:
    """What is known from a breach is refused with words of its own, and asked for letter by letter."""
    breaches = Breached("Correct Horse")
    quality = PasswordQuality(breaches=breaches)

    with pytest.raises(InvalidInput) as caught:
        await quality.refuse_known("Correct Horse", ADA)

    assert caught.value.problems == (Problem(BREACHED, "password"),)
    await quality.refuse_known("correct horse", ADA)
    assert breaches.asked == ["Correct Horse", "correct horse"]


async def test_nobody_is_asked_about_what_is_refused_anyway() -> None:
    """A password that everybody would expect leaves this machine in no form."""
    breaches = Breached()
    quality = PasswordQuality(common=Listed(), breaches=breaches)

    with pytest.raises(InvalidInput):
        await quality.refuse_known(ADA, ADA)

    assert breaches.asked == []


def test_folding_is_stable() -> None:
    """A spelling that is folded already stays as it is, so that list and question meet."""
    assert [folded(folded(text)) for text in ("ＡＢＣ", "Straße", "ﬁ", "İ")] == [
        folded(text) for text in ("ＡＢＣ", "Straße", "ﬁ", "İ")
    ]
