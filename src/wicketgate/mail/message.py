"""A mail as the bytes that a mail server takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid

from wicketgate.core.errors import ConfigurationError, MailRejected
from wicketgate.core.plain_address import is_plain
from wicketgate.mail.mail import Mail


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a message is from and to, as the server is told; `international` when that takes more than ASCII."""

    sender: str
    to: str
    international: bool
    content: bytes


def sender_of(text: str) -> Address:
    """The sender that a setting names: `login@acme.example`, or `Acme <login@acme.example>`.

    Raises ConfigurationError.
    """
    name, bracket, rest = text.strip().rpartition("<")
    if bracket and not rest.endswith(">"):
        raise ConfigurationError("MAIL_FROM must be an address such as Acme <login@acme.example>")
    try:
        return Address(name.strip().strip('"'), *_parts(rest.removesuffix(">") if bracket else rest))
    except ValueError:
        raise ConfigurationError("MAIL_FROM must be an address such as Acme <login@acme.example>") from None


def enveloped(mail: Mail, sender: Address) -> Envelope:
    """The mail as a message of its own id, in text and HTML. Raises MailRejected when nothing can be sent there."""
    try:
        username, domain = _parts(mail.to)
        to = Address(username=username, domain=domain)
    except ValueError:
        raise MailRejected("the address is none that can be written to") from None
    international = not to.username.isascii() or not sender.username.isascii()
    message = EmailMessage(policy=SMTPUTF8 if international else SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.domain)
    # RFC 3834, 5: so that nobody's notice of absence is sent back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return Envelope(sender.addr_spec, to.addr_spec, international, message.as_bytes())


def _parts(address: str) -> tuple[str, str]:
    """What stands before the @, and the domain in ASCII. Raises ValueError."""
    if is_plain(address):
        local_part, _, domain = address.partition("@")
        return local_part, domain
    from email_validator import EmailNotValidError, validate_email  # a tenth of a start, which few addresses need

    try:
        # A name that only a network of one's own knows is fine: whoever set the service up knows their server.
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return found.local_part, found.ascii_domain
