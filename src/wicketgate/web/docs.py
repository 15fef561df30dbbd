"""The OpenAPI document and a page to read it on.

The page is plain HTML made here: the usual viewers style themselves inline, which our Content-Security-Policy
refuses, and weigh a megabyte.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any, Final

from wicketgate.web.endpoint import Call, Endpoint, unlisted
from wicketgate.web.http import Reply, encode
from wicketgate.web.static_files import FOR_A_WHILE, packaged

Json = Mapping[str, Any]
Entry = tuple[str, str, Json]

_PLACES: Final = 4
"""For which the document is kept: below a path with a parameter, clients say how many there are."""


class DocsApi:
    """Serves the document, and the page with what it loads."""

    def __init__(self, document: Callable[[], Json]) -> None:
        self._document = document
        self._below = lru_cache(_PLACES)(self._made)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The routes of the documentation. They are not part of the document."""
        return (
            unlisted("/openapi.json", self.openapi),
            unlisted("/docs", self.docs),
            packaged("docs.css").endpoint(),
            packaged("favicon.svg").endpoint(),
        )

    async def openapi(self, call: Call) -> Reply:
        """The document."""
        return Reply(200, self._below(_place(call))[0], _headers(b"application/json"))

    async def docs(self, call: Call) -> Reply:
        """The page."""
        return Reply(200, self._below(_place(call))[1], _headers(b"text/html; charset=utf-8"))

    def _made(self, place: str) -> tuple[bytes, bytes]:
        """The document and the page for the path that we are mounted at."""
        document = self._document()
        if place:
            document = {**document, "servers": [{"url": place}]}
        return encode(document), page(document).encode()


def _place(call: Call) -> str:
    place: str = call.request.scope.get("root_path", "")
    return place


def _headers(media_type: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return (b"content-type", media_type), FOR_A_WHILE


def page(document: Json) -> str:
    """The whole page."""
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    tags = list(dict.fromkeys(operation["tags"][0] for _, _, operation in operations))
    grouped = {tag: [entry for entry in operations if entry[2]["tags"][0] == tag] for tag in tags}
    schemas = document["components"]["schemas"]
    sections = "".join(_section(tag, entries, schemas) for tag, entries in grouped.items())
    info = document["info"]
    root = "".join(
        f" All paths are below <code>{escape(server['url'])}</code>." for server in document.get("servers", ())
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])} API</title><link rel="stylesheet" href="docs.css">'
        '<link rel="icon" href="favicon.svg"></head><body>'
        f"<header><h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>"
        f'<p>{escape(info["summary"])} The same in <a href="openapi.json">OpenAPI 3.1</a>.{root}</p></header>'
        f'<div class="columns">{_contents(grouped)}<main>{_security(document)}{sections}</main></div></body></html>'
    )


def _contents(grouped: Mapping[str, list[Entry]]) -> str:
    items = "".join(
        f"<li><strong>{escape(tag)}</strong><ul>"
        + "".join(
            f'<li><a href="#{escape(operation["operationId"])}">{escape(operation["summary"])}</a></li>'
            for _, _, operation in entries
        )
        + "</ul></li>"
        for tag, entries in grouped.items()
    )
    return f'<nav aria-label="Contents"><ul><li><a href="#security">Security</a></li>{items}</ul></nav>'


def _security(document: Json) -> str:
    schemes = document["components"]["securitySchemes"].items()
    rows = "".join(
        f"<dt><code>{escape(name)}</code></dt><dd>{_text(scheme['description'])}</dd>" for name, scheme in schemes
    )
    return f'<section><h2 id="security">Security</h2><dl>{rows}</dl></section>'


def _section(tag: str, entries: list[Entry], schemas: Json) -> str:
    return f"<section><h2>{escape(tag)}</h2>{''.join(_operation(entry, schemas) for entry in entries)}</section>"


def _operation(entry: Entry, schemas: Json) -> str:
    path, method, operation = entry
    parts = [
        f'<article id="{escape(operation["operationId"])}"><h3>{escape(operation["summary"])}</h3>',
        f'<p class="route"><span class="method {method}">{method.upper()}</span> <code>{escape(path)}</code></p>',
        f"<p>{_text(operation['description'])}</p>" if "description" in operation else "",
        _callers(operation),
        _request(operation, schemas),
        "<h4>Answers</h4>",
        "".join(_answer(status, answer) for status, answer in operation["responses"].items()),
        "</article>",
    ]
    return "".join(parts)


def _callers(operation: Json) -> str:
    names = [name for option in operation["security"] for name in option]
    if not names:
        return "<p>Anyone may call.</p>"
    listed = " or ".join(f"<code>{escape(name)}</code>" for name in names)
    return f"<p>{'May be called with' if {} in operation['security'] else 'Needs'} {listed}.</p>"


def _request(operation: Json, schemas: Json) -> str:
    if "requestBody" not in operation:
        return ""
    content = operation["requestBody"]["content"]["application/json"]
    schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
    rows = "".join(_field(name, field, schema.get("required", [])) for name, field in schema["properties"].items())
    return f"<h4>Body</h4><dl>{rows}</dl>{_example(content)}"


def _field(name: str, field: Json, required: list[str]) -> str:
    mark = "" if name in required else " <em>optional</em>"
    return f"<dt><code>{escape(name)}</code>{mark}</dt><dd>{_text(field.get('description', 'Text.'))}</dd>"


def _answer(status: str, answer: Json) -> str:
    content = answer["content"]["application/json"]
    opened = " open" if status.startswith("2") else ""
    kind = "good" if opened else "bad"
    return (
        f'<details{opened}><summary><span class="status {kind}">{status}</span> '
        f"{_text(answer['description'])}</summary>{_example(content)}</details>"
    )


def _example(content: Json) -> str:
    value = content["examples"]["example"]["value"]
    return f'<pre tabindex="0"><code>{escape(json.dumps(value, indent=2))}</code></pre>'


def _text(text: str) -> str:
    """Text with `code` between backticks."""
    return "".join(_alternating(text))


def _alternating(text: str) -> Iterator[str]:
    for index, part in enumerate(text.split("`")):
        yield f"<code>{escape(part)}</code>" if index % 2 else escape(part)
