"""The files of the pages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.unit.web.kit import HERE, request, sent
from wicketgate.web.endpoint import Call
from wicketgate.web.static_files import FOR_A_WHILE, FOR_GOOD, Bundle, File, built, packaged


def asking(accepted: str | None) -> Call:
    """A request that takes these encodings."""
    return Call(request(headers={} if accepted is None else {"accept-encoding": accepted}), None, HERE, None, "")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.png", "image/png"),
        ("a.svg", "image/svg+xml"),
        ("a.webp", "image/webp"),
        ("a.b.woff2", "font/woff2"),
    ],
)
async def test_a_file_is_sent_with_its_type(name: str, kind: str) -> None:
    """A browser that sniffs nothing is told what each file is, and for how long to keep it."""
    answer = await sent(await File(f"/assets/{name}", b"content", FOR_GOOD).send(asking(None)))

    assert (answer.status, answer.body) == (200, b"content")
    assert answer.one("content-type") == kind
    assert answer.one("cache-control") == "public, max-age=31536000, immutable"
    assert answer.one("vary") == "Accept-Encoding"
    assert answer.one("content-encoding") is None


@pytest.mark.parametrize("name", ["a.css", "a.js", "a.svg"])
async def test_a_text_is_packed_for_who_can_unpack_it(name: str) -> None:
    """Texts are sent packed, and unpacked they are the same."""
    answer = await sent(await File(f"/{name}", b"content " * 99, FOR_A_WHILE).send(asking("br, gzip")))

    assert answer.one("content-encoding") == "gzip"
    assert gzip.decompress(answer.body) == b"content " * 99
    assert len(answer.body) < 99


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate,gzip;q=0.1", True),
        ("br;q=1.0, gzip ; q=1", True),
        ("gzip;q=0", False),
        ("br, gzip; q=0.000", False),
        ("gzipped", False),
        ("identity", False),
        ("", False),
    ],
)
async def test_nobody_gets_what_they_cannot_unpack(accepted: str, packed: bool) -> None:
    """A client that refuses gzip, or names something else, gets the file as it is."""
    answer = await sent(await File("/a.js", b"content", FOR_GOOD).send(asking(accepted)))

    assert (answer.one("content-encoding") == "gzip") is packed
    assert (answer.body == b"content") is not packed
    assert answer.one("content-length") == str(len(answer.body))


async def test_a_picture_is_not_packed_again() -> None:
    """What is packed by its own format is sent as it is."""
    answer = await sent(await File("/a.png", b"content", FOR_GOOD).send(asking("gzip")))

    assert (answer.one("content-encoding"), answer.body) == (None, b"content")


def test_a_file_is_routed_to_its_path() -> None:
    """A file is a GET on its path, for anyone."""
    endpoint = File("/assets/a.js", b"", FOR_GOOD).endpoint()

    assert (endpoint.method, endpoint.path, endpoint.unsafe) == ("GET", "/assets/a.js", False)


async def test_files_of_the_package_are_found() -> None:
    """The style sheet of the documentation comes with the package."""
    file = packaged("docs.css")

    answer = await sent(await file.send(asking(None)))

    assert file.path == "/docs.css"
    assert b":root" in answer.body


def test_a_file_of_an_unknown_kind_is_refused() -> None:
    """What has no type is not served at all."""
    with pytest.raises(KeyError):
        File("/a.exe", b"", FOR_GOOD)


def test_the_build_is_read_with_its_entry_and_all_its_files(tmp_path: Path) -> None:
    """The manifest says which script and style sheets begin a page; what has no type is left where it is."""
    manifest = {
        "other.tsx": {"file": "other-1.js"},
        "main.tsx": {"file": "m-2.js", "css": ["m-3.css"], "isEntry": True},
    }
    for name, text in {
        "manifest.json": json.dumps(manifest),
        "m-2.js": "js",
        "m-3.css": "css",
        "x.map": "{}",
    }.items():
        (tmp_path / name).write_text(text)
    bundle = built(tmp_path)

    assert bundle == Bundle("m-2.js", ("m-3.css",), {"m-2.js": b"js", "m-3.css": b"css"})


def test_without_a_build_there_is_none(tmp_path: Path) -> None:
    """A checkout whose pages were never built serves the API alone."""
    bundle = built(tmp_path)

    assert bundle is None
