"""What docs/api-tokens.md and docs/sessions.md show works as it stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.service import PASSWORD, Service, bearer
from wicketgate.core import named_tokens, session_list

DOCS = Path(__file__).parents[2] / "docs"
TOKENS, SESSIONS = ((DOCS / name).read_text() for name in ("api-tokens.md", "sessions.md"))
ASKED = {"name": "Nightly report", "scopes": ["reports:read"], "expires_in_days": 90, "limit": 100}


def blocks(text: str, language: str) -> list[str]:
    """A page's blocks in a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)


def shape(value: Any) -> Any:
    """What a value is made of, whatever it says."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)


async def test_the_answers_are_as_shown() -> None:
    """Every field of the pages' answers is in ours, and no other."""
    service = Service(session_list=True)
    caller, login = await service.user(name="Ada Lovelace")
    by_session = bearer(login["token"])

    made = await caller.post("/api/auth/api-tokens", json=ASKED, headers=by_session)
    verified = await caller.verify(made.json()["api_token"])
    listed = await caller.get("/api/auth/sessions", headers=by_session)

    assert json.dumps(ASKED) in TOKENS
    shown = [json.loads(block) for block in (*blocks(TOKENS, "json"), *blocks(SESSIONS, "json"))]
    assert [shape(answer.json()) for answer in (made, verified, listed)] == [shape(answer) for answer in shown]


async def test_the_application_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The routes of the page open to a token with the scope, and the first of them to no other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BCRYPT_COST", "4")
    (code,) = blocks(TOKENS, "python")
    names: dict[str, Any] = {"__name__": "application"}
    exec(compile(code, "docs/api-tokens.md", "exec", dont_inherit=True), names)
    app = names["app"]
    transport = httpx.ASGITransport(app=app)

    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://a") as ada:
        account = {"email": "ada@example.com", "password": PASSWORD}
        await ada.post("/api/auth/signup", json=account)
        session = bearer((await ada.post("/api/auth/login", json=account)).json()["token"])
        found = {}
        for scope in ("reports:read", "other"):
            body = {"name": scope, "scopes": [scope]}
            made = await ada.post("/api/auth/api-tokens", json=body, headers=session)
            token = bearer(made.json()["api_token"])
            answers = [await ada.get(path, headers=token) for path in ("/reports", "/export", "/overview")]
            found[scope] = [answer.status_code for answer in answers], answers[2].json()

    assert found == {
        "reports:read": ([200, 200, 200], {"reports": True, "drafts": False}),
        "other": ([403, 200, 200], {"reports": False, "drafts": False}),
    }


def test_the_bounds_are_as_told() -> None:
    """The numbers of the pages are those of the code."""
    assert f"1 to {named_tokens.NAME_MAX} characters" in TOKENS
    assert f"at most {named_tokens.SCOPES_MAX}, each of up to 40" in TOKENS
    assert f"1 to {named_tokens.DAYS_MAX};" in TOKENS
    assert f"1 to {named_tokens.LIMIT_MAX} checks" in TOKENS
    assert f"may have {named_tokens.MOST} tokens" in TOKENS
    assert f"at most\n{session_list.MOST}:" in SESSIONS


@pytest.mark.parametrize("text", [TOKENS, SESSIONS])
def test_links_lead_somewhere(text: str) -> None:
    """Each page that is linked to is there."""
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]

    assert [link for link in links if link and not (DOCS / link).exists()] == []
