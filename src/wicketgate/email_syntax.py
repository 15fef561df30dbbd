"""The syntax of an email address, by the `email-validator` library. Asks no name server."""

from __future__ import annotations


def normalised(address: str) -> str | None:
    """The library's normalised form in lower case, so that IDN and punycode are one; None if it is no address."""
    from email_validator import EmailNotValidError, validate_email  # a tenth of a start; a session needs none of it

    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
