"""User authentication that a small product can own."""

from wicketgate.app import Wicketgate
from wicketgate.settings import Settings

__all__ = ["Settings", "Wicketgate"]
