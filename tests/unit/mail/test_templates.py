"""Letters become mail: what each says, whose template it is, and what strangers' words can do in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from wicketgate.core.errors import ConfigurationError
from wicketgate.core.ports import Letter
from wicketgate.mail.mail import Mail
from wicketgate.mail.templates import LETTERS, LONGEST_VALUE, MailLook, Templates, shortened

ORIGIN = "https://app.example.com"
TO = "ada@example.com"
VALUES = {
    "link": "/somewhere#a-token",
    "network": "203.0.113.0/24",
    "time": "17 March 2030, 17:46 UTC",
    "device": "Firefox on Linux",
    "name": "backup",
}
TRICKS = "</p><a href='https://evil.example'>$link ${name}</a>\r\nBcc: grace@example.com\u202e"


class Page(HTMLParser):
    """The links of a page, its text, and whether anything in it comes from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.opened: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag not in ("meta", "br"):
            self.opened.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "srcset", "background", "data")]

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def templates(folder: Path | None = None, product: str = "Acme", accent: str | None = None) -> Templates:
    """The templates of a product."""
    return Templates(MailLook(product, ORIGIN, accent), folder)


def filled(letter: str, **values: str) -> Mail:
    """A letter with everyday values."""
    own = {name: VALUES[name] for name in LETTERS[letter]}
    return templates().filled(Letter(TO, letter, {**own, **values}))


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_says_who_writes_and_why(letter: str) -> None:
    """Each has a subject of one line that names the product, and both texts hold all its values."""
    mail = filled(letter)

    page = Page(mail.html)
    assert mail.to == TO
    assert "Acme" in mail.subject
    assert len(mail.subject) < 78
    assert ORIGIN in mail.text
    for name in LETTERS[letter]:
        wanted = f"{ORIGIN}/somewhere#a-token" if name == "link" else VALUES[name]
        assert wanted in mail.text
        assert wanted in (page.links if name == "link" else page.text)
    assert "$" not in mail.text + mail.html


@pytest.mark.parametrize("letter", LETTERS)
def test_both_texts_say_the_same(letter: str) -> None:
    """Whoever reads one misses nothing of the other: the sentences are the same but for how links are shown."""
    mail = filled(letter)

    body = mail.text.partition("\n-- \n")[0]
    words = set(re.findall(r"[a-z]+", re.sub(r"https://\S+", "", body).lower()))
    shown = set(re.findall(r"[a-z]+", Page(mail.html).text.lower()))
    labels = "confirm my address choose a new password use this undo the change"
    assert words - shown <= {"here", "revoke", "the", "token", "that", "acme"}
    assert shown - words <= set(re.findall("[a-z]+", f"{labels} {ORIGIN} {mail.subject}".lower()))


@pytest.mark.parametrize("letter", LETTERS)
def test_no_letter_tells_whether_it_was_read(letter: str) -> None:
    """Nothing is loaded from anywhere, links go to ourselves only, and every element is closed."""
    page = Page(filled(letter).html)

    assert page.opened == []
    assert page.loaded == []
    assert all(link.startswith(ORIGIN) for link in page.links)
    assert "script" not in page.text


@pytest.mark.parametrize("letter", LETTERS)
def test_every_line_of_text_is_short(letter: str) -> None:
    """Plain text is broken by hand, links aside."""
    assert all(len(line) <= 72 for line in filled(letter).text.splitlines() if "https://" not in line)


@pytest.mark.parametrize(("letter", "value"), [("api_token_created", "name"), ("new_sign_in", "device")])
def test_what_strangers_typed_is_only_text(letter: str, value: str) -> None:
    """Markup, line breaks, dollar signs and overrides in a value do nothing, and it is cut short."""
    mail = filled(letter, **{value: TRICKS + "x" * 500})

    page = Page(mail.html)
    assert all(link.startswith(ORIGIN) for link in page.links)
    assert "</p><a href='https://evil.example'>$link ${name}</a> Bcc:" in page.text
    assert "\u202e" not in mail.text + mail.html
    assert "x" * LONGEST_VALUE not in mail.text + mail.html
    assert not any(line.startswith("Bcc") for line in mail.text.splitlines())


@pytest.mark.parametrize("link", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil.example"])
def test_a_link_stays_on_our_origin(link: str) -> None:
    """Whatever a letter names, its link begins with our origin and a slash."""
    mail = filled("reset_password", link=link)

    assert Page(mail.html).links[0].startswith(f"{ORIGIN}/")
    assert f"{ORIGIN}/" in mail.text


def test_an_address_that_changed_for_good() -> None:
    """Without a way back none is promised."""
    mail = templates().filled(Letter(TO, "email_changed", {}))

    assert "undo the change" not in mail.text
    assert mail.text == filled("email_changed_for_good").text


def test_links_can_lead_elsewhere() -> None:
    """Whoever learns where the service is reached may say so."""
    made = templates()
    made.lead_to("http://localhost:9000")

    mail = made.filled(Letter(TO, "reset_password", {"link": "/reset-password#t"}))

    assert "http://localhost:9000/reset-password#t" in mail.text
    assert ORIGIN not in mail.text + mail.html


def test_the_product_name_is_only_text() -> None:
    """It may hold what HTML and templates take for their own."""
    mail = templates(product="A & B <$link>").filled(Letter(TO, "test", {}))

    assert "A & B <$link>" in mail.subject
    assert "A &amp; B &lt;$link&gt;" in mail.html


@pytest.mark.parametrize(("accent", "ink"), [("#0d6b61", "#ffffff"), ("#ffee00", "#000000"), ("#000000", "#ffffff")])
def test_a_button_can_be_read_on_any_accent(accent: str, ink: str) -> None:
    """Its words are black or white, whichever stands out."""
    mail = templates(accent=accent).filled(Letter(TO, "reset_password", {"link": "/"}))

    assert f"background: {accent}; color: {ink};" in mail.html


def test_a_file_of_ones_own_replaces_ours(tmp_path: Path) -> None:
    """One file at a time: the others stay."""
    (tmp_path / "reset_password.txt").write_text(
        "Subject: Neues Passwort für $product_name\n\nHier: $link\n", "utf-8"
    )
    (tmp_path / "notes.md").write_text("not a template")

    mail = templates(tmp_path).filled(Letter(TO, "reset_password", {"link": "/reset-password#t"}))

    assert mail.subject == "Neues Passwort für Acme"
    assert mail.text.startswith(f"Hier: {ORIGIN}/reset-password#t\n")
    assert "asked for a new password" in mail.html


def test_a_layout_of_ones_own(tmp_path: Path) -> None:
    """The frame around all letters can be replaced like any other file."""
    (tmp_path / "layout.html").write_text("<main style='$button'>$subject: $content</main>")

    mail = templates(tmp_path).filled(Letter(TO, "test", {}))

    assert mail.html.startswith("<main style='display: inline-block;")
    assert "Email from Acme works: <p>" in mail.html


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("test.txt", "Hello", "test.txt must begin with a line `Subject: …`"),
        (
            "test.txt",
            "Subject: Hello $nobody",
            "test.txt has $nobody, and knows only forgot_link, origin, product_name",
        ),
        ("test.html", "$5 off", "test.html has a $ that names nothing"),
        ("reset_password.html", "<p>Hello</p>", "reset_password.html has no $link"),
        ("reset_password.txt", "Subject: Hello", "reset_password.txt has no $link"),
        ("layout.txt", "$product_name", "layout.txt has no $content"),
        ("layout.html", "$content $link", "layout.html has $link"),
        ("welcome.txt", "Subject: Hello", "holds welcome.txt, which is no template of ours"),
        ("test.txt", b"Subject: \xff", "test.txt cannot be read: UnicodeDecodeError"),
        ("test.txt", None, "test.txt cannot be read: IsADirectoryError"),
    ],
)
def test_a_template_that_would_break_is_refused(
    tmp_path: Path, name: str, content: str | bytes | None, message: str
) -> None:
    """At the start and in one line, and not when somebody waits for a mail."""
    if content is None:
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)

    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path)

    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["nowhere", "x" * 300, "nul\0"])
def test_a_folder_that_is_none(tmp_path: Path, name: str) -> None:
    """It is refused by its name, also by one that no file can have."""
    with pytest.raises(ConfigurationError) as caught:
        templates(tmp_path / name)

    assert f"{name!r}"[1:] + ", which is no folder" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("  a\tb\r\nc ", "a b c"), ("\x00\ud800", ""), ("x" * 90, "x" * 79 + "…"), ("Grace 🦫", "Grace 🦫")],
)
def test_a_value_is_one_short_line(value: str, shown: str) -> None:
    """Whatever cannot be shown is a space, and spaces are one."""
    assert shortened(value) == shown
