"""Letters become mail: text and HTML from files, ours or those of `MAIL_TEMPLATES`, which are tried at the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Final, NamedTuple

from wicketgate.core.errors import ConfigurationError
from wicketgate.core.ports import Letter
from wicketgate.mail.mail import Mail

LONGEST_VALUE: Final = 80
"""How much of a value a mail quotes, in characters."""

LETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "verify_email": ("link",),
    "signup_taken": ("link",),
    "reset_password": ("link",),
    "password_changed": (),
    "change_email": ("link",),
    "change_email_taken": (),
    "email_changed": ("link",),
    "email_changed_for_good": (),
    "new_sign_in": ("network", "time", "device"),
    "api_token_created": ("name",),
    "account_deleted": (),
    "test": (),
}
"""Every letter with its own values. `email_changed_for_good` is `email_changed` where there is no way back."""

_EVERYWHERE: Final = ("product_name", "origin", "forgot_link", "security_link")
_OURS: Final = Path(__file__).parent / "letters"
_LAYOUT: Final = "layout"
_KINDS: Final = ("txt", "html")
_SUBJECT: Final = "Subject: "
_DEFAULT_ACCENT: Final = "#0d6b61"
# Of the two, whichever is easier to read on the accent (WCAG 2, 1.4.3).
_MIDDLE_LUMINANCE: Final = 0.179
_ODD: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


class MailLook(NamedTuple):
    """What mail says of its sender: the product's name, where its pages are, and its colour as `#rrggbb`."""

    product_name: str
    origin: str
    accent_color: str | None = None


class Templates:
    """All letters, ready to be filled in. `folder` holds files that replace ours, each by its name.

    Raises ConfigurationError for one that we have no use for, that cannot be read, or that names a value which
    its letter does not have.
    """

    def __init__(self, look: MailLook, folder: Path | None = None) -> None:
        self._product_name = shortened(look.product_name)
        self._button = _button(look.accent_color or _DEFAULT_ACCENT)
        self.lead_to(look.origin)
        self._folder = folder
        self._known: dict[str, Template] = {}
        if folder is not None:
            _check_folder(folder)
            for letter, own in LETTERS.items():
                self._try(letter, own)

    def lead_to(self, origin: str) -> None:
        """From now on links lead to this origin."""
        self._common = {
            "product_name": self._product_name,
            "origin": origin,
            "forgot_link": f"{origin}/forgot-password",
            "security_link": f"{origin}/security",
        }

    def filled(self, letter: Letter) -> Mail:
        """The letter with its values in it.

        A link leads to our own origin whatever it says, other values are shortened to one line, and all are escaped.
        """
        name = letter.template
        if name == "email_changed" and "link" not in letter.values:
            name = "email_changed_for_good"
        values = {**self._common, **{key: self._value(key, value) for key, value in letter.values.items()}}
        subject = shortened(self._subject(name).substitute(values), most=200)
        return Mail(letter.to, subject, self._text(name, values), self._html(name, subject, values))

    def _file(self, name: str) -> Template:
        """A file's template, read when it is first needed: a start needs none."""
        if name not in self._known:
            self._known[name] = _read(name, self._folder)
        return self._known[name]

    def _value(self, key: str, value: str) -> str:
        return f"{self._common['origin']}/{value.lstrip('/')}" if key == "link" else shortened(value)

    def _text(self, name: str, values: Mapping[str, str]) -> str:
        _, _, body = self._file(f"{name}.txt").template.partition("\n")
        content = Template(body.strip("\n")).substitute(values)
        return self._file("layout.txt").substitute(values, content=content)

    def _html(self, name: str, subject: str, values: Mapping[str, str]) -> str:
        escaped = {key: escape(value) for key, value in values.items()} | {"button": self._button}
        content = self._file(f"{name}.html").substitute(escaped).strip("\n")
        return self._file("layout.html").substitute(escaped, subject=escape(subject), content=content)

    def _subject(self, letter: str) -> Template:
        first, _, _ = self._file(f"{letter}.txt").template.partition("\n")
        return Template(first.removeprefix(_SUBJECT))

    def _try(self, letter: str, own: tuple[str, ...]) -> None:
        known = {*_EVERYWHERE, *own}
        _check(f"{letter}.txt", self._file(f"{letter}.txt"), known)
        _check(f"{letter}.html", self._file(f"{letter}.html"), {*known, "button"})
        _check("layout.txt", self._file("layout.txt"), {*_EVERYWHERE, "content"})
        _check("layout.html", self._file("layout.html"), {*_EVERYWHERE, "button", "subject", "content"})
        if not self._file(f"{letter}.txt").template.startswith(_SUBJECT):
            raise ConfigurationError(f"the mail template {letter}.txt must begin with a line `{_SUBJECT}…`")
        for name in ("layout.txt", "layout.html"):
            if "content" not in self._file(name).get_identifiers():
                raise ConfigurationError(f"the mail template {name} has no $content")
        for kind in _KINDS if "link" in own else ():
            if "link" not in self._file(f"{letter}.{kind}").get_identifiers():
                raise ConfigurationError(f"the mail template {letter}.{kind} has no $link")


def shortened(value: str, most: int = LONGEST_VALUE) -> str:
    """A value as one line of at most so many characters that all can be shown."""
    line = _ODD.sub(" ", value).strip()
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _names() -> list[str]:
    return [f"{name}.{kind}" for name in (*LETTERS, _LAYOUT) for kind in _KINDS]


def _check_folder(folder: Path) -> None:
    try:
        paths = sorted(folder.iterdir())
    except (OSError, ValueError):
        raise ConfigurationError(f"MAIL_TEMPLATES is {str(folder)!r}, which is no folder that can be read") from None
    for path in paths:
        if path.suffix.removeprefix(".") in _KINDS and path.name not in _names():
            raise ConfigurationError(f"MAIL_TEMPLATES holds {path.name}, which is no template of ours")


def _read(name: str, folder: Path | None) -> Template:
    own = None if folder is None else folder / name
    try:
        if own is not None and own.exists():
            return Template(own.read_text("utf-8"))
        return Template((_OURS / name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the mail template {name} cannot be read: {type(error).__name__}") from None


def _check(name: str, template: Template, known: set[str]) -> None:
    if not template.is_valid():
        raise ConfigurationError(f"the mail template {name} has a $ that names nothing; write $$ for the sign itself")
    for key in template.get_identifiers():
        if key not in known:
            raise ConfigurationError(
                f"the mail template {name} has ${key}, and knows only {', '.join(sorted(known))}"
            )


def _button(accent: str) -> str:
    ink = "#000000" if _luminance(accent) > _MIDDLE_LUMINANCE else "#ffffff"
    return (
        f"display: inline-block; padding: 10px 18px; border-radius: 6px; background: {accent}; color: {ink}; "
        "font-weight: bold; text-decoration: none;"
    )


def _luminance(color: str) -> float:
    """How bright a colour is, from 0 to 1 (WCAG 2, relative luminance)."""
    shares = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
