"""Which way the settings choose for mail."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from wicketgate.core.errors import ConfigurationError
from wicketgate.mail.console import Console
from wicketgate.mail.mail import Carry, SendMail
from wicketgate.mail.office import Called, PostOffice
from wicketgate.mail.templates import MailLook, Templates
from wicketgate.settings import Settings

DEVELOPMENT_ORIGIN: Final = "http://localhost:8000"
"""Where links in mail lead in development while nobody has said. Never where a request says that it went."""


def chosen(settings: Settings, send_mail: SendMail | Literal[False] | None = None) -> PostOffice | None:
    """Who carries the mail, None when nobody does: the function if one is given, else SMTP if there is a server,

    else in development the console. False is nobody. Raises ConfigurationError.
    """
    carry = None if send_mail is False else _carrier(settings, send_mail)
    if carry is None:
        return None
    if settings.production and settings.own_origin is None:
        raise ConfigurationError("PUBLIC_URL is not set, and links in mail must lead there")
    look = MailLook(settings.product_name, settings.own_origin or DEVELOPMENT_ORIGIN, settings.accent_color)
    return PostOffice(Templates(look, Path(settings.mail_templates) if settings.mail_templates else None), carry)


def _carrier(settings: Settings, send_mail: SendMail | None) -> Carry | None:
    if send_mail is not None:
        return Called(send_mail)
    if settings.smtp_host is not None:
        from wicketgate.mail.smtp import Smtp, SmtpServer  # smtplib brings the email package along

        server = SmtpServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_tls,
            settings.smtp_username,
            settings.smtp_password,
        )
        return Smtp(server, settings.mail_from or "")
    return None if settings.production else Console()
