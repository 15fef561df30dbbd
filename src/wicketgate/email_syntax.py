"""The syntax of an email address, by the `email-validator` library. Asks no name server."""

from __future__ import annotations

import unicodedata

from wicketgate.core.plain_address import is_plain


def normalised(address: str) -> str | None:
    """The library's normalised form in lower case, so that IDN and punycode are one; None if it is no address."""
    # What is not ASCII is the library's to judge, even what would be in lower case, as the sign of the Kelvin.
    if address.isascii() and is_plain(address.lower()):
        return address.lower()
    from email_validator import EmailNotValidError, validate_email  # a tenth of a start, which few addresses need

    try:
        lower = validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
    return unicodedata.normalize("NFC", lower)  # again: some letters with marks are one character in lower case only
