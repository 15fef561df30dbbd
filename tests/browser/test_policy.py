"""The content security policy: the pages need nothing that it forbids, and it forbids what it should."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.visitor import Visitor

PAGES = ["/", "/login", "/signup", "/profile", "/security", "/docs", "/logo.svg", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_makes_the_browser_complain(visitor: Visitor, path: str) -> None:
    """No page breaks its own policy, asks another site, or leaves an error in the console."""
    if path in ("/logo.svg", "/nowhere"):
        visitor.expect_trouble("404")
    await visitor.settle_in()

    await visitor.open(path)

    await visitor.page.wait_for_load_state("networkidle")
    assert visitor.complaints == []


_ADD = "const add = (kind, more) => document.body.append(Object.assign(document.createElement(kind), more));"
INTRUDERS = {
    "an inline script": "add('script', { text: 'window.ran = 1' })",
    "an inline handler": "add('b', { id: 'x' }); x.setAttribute('onclick', 'window.ran = 1'); x.click()",
    "a script of another site": "add('script', { src: '//evil.example/x.js' })",
    "an inline style": "add('style', { textContent: 'body { color: red }' })",
    "a picture of another site": "add('img', { src: 'https://evil.example/x.png' })",
    "a request to another site": "fetch('https://evil.example/').catch(() => {})",
    "a frame": "add('iframe', { src: '/login' })",
    "a form to another site": "add('form', { action: 'https://evil.example/', id: 'x' }); x.submit()",
    "a new base": "document.head.append(Object.assign(document.createElement('base'), { href: '//evil.example/' }))",
    "a script from a string": "setTimeout('window.ran = 1')",
}


@pytest.mark.parametrize("intruder", INTRUDERS.values(), ids=INTRUDERS)
async def test_the_policy_keeps_out(visitor: Visitor, intruder: str) -> None:
    """What an attacker would put into a page is refused, and these tests would have heard of it."""
    await visitor.open("/login")
    await expect(visitor.button("Log in")).to_be_visible()

    async with visitor.page.expect_console_message(lambda message: message.text.startswith("policy: ")):
        await visitor.page.evaluate(f"() => {{ {_ADD} {intruder} }}")

    assert await visitor.page.evaluate("window.ran") is None
    assert any(complaint.startswith("error: policy: ") for complaint in visitor.complaints)
    visitor.complaints.clear()
