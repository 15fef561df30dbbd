"""User authentication that a small product can own."""

from wicketgate.app import Wicketgate
from wicketgate.mail.mail import Mail
from wicketgate.settings import Settings

__all__ = ["Mail", "Settings", "Wicketgate"]
