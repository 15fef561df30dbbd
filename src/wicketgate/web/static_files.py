"""The files of the pages, as the browser build leaves them: few and small, so they are kept in memory."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from wicketgate.web.endpoint import Call, Endpoint, unlisted
from wicketgate.web.http import Header, Reply

_TYPES = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "png": b"image/png",
    "svg": b"image/svg+xml",
    "webp": b"image/webp",
    "woff2": b"font/woff2",
}
_PACKED = {"css", "js", "svg"}
_HERE = Path(__file__).parent
# A file's name holds a hash of what is in it, so what a name stands for never changes.
FOR_GOOD: Header = (b"cache-control", b"public, max-age=31536000, immutable")
FOR_A_WHILE: Header = (b"cache-control", b"public, max-age=300")


class Bundle(NamedTuple):
    """The script, the style sheets and all files that were built."""

    script: str
    styles: tuple[str, ...]
    files: Mapping[str, bytes]


class _Chunk(msgspec.Struct):
    file: str
    css: list[str] = []
    is_entry: bool = msgspec.field(name="isEntry", default=False)


def built(folder: Path = _HERE / "static") -> Bundle | None:
    """What the browser build left in the package; None while it has not been run."""
    manifest = folder.joinpath("manifest.json")
    if not manifest.is_file():
        return None
    chunks = msgspec.json.decode(manifest.read_bytes(), type=dict[str, _Chunk])
    entry = next(chunk for chunk in chunks.values() if chunk.is_entry)
    return Bundle(entry.file, tuple(entry.css), _read(folder))


def packaged(name: str) -> File:
    """A file that is no part of the browser build."""
    return File(f"/{name}", (_HERE / "assets" / name).read_bytes(), FOR_A_WHILE)


def _read(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.rpartition(".")[2] in _TYPES}


class File:
    """One file, sent packed to those who can unpack it."""

    def __init__(self, path: str, content: bytes, keep: Header) -> None:
        self._kind = path.rpartition(".")[2]
        self.path = path
        self._content = content
        self._headers: tuple[Header, ...] = (
            (b"content-type", _TYPES[self._kind]),
            keep,
            (b"vary", b"Accept-Encoding"),
        )

    def endpoint(self) -> Endpoint:
        """The route of the file."""
        return unlisted(self.path, self.send)

    async def send(self, call: Call) -> Reply:
        """200 with the file."""
        if self._kind in _PACKED and _takes_gzip(call.request.header(b"accept-encoding") or ""):
            return Reply(200, self._packed, (*self._headers, (b"content-encoding", b"gzip")))
        return Reply(200, self._content, self._headers)

    @cached_property
    def _packed(self) -> bytes:
        """Made when first asked for: packing the pages' script is a twentieth of a start."""
        return gzip.compress(self._content, mtime=0)


def _takes_gzip(accepted: str) -> bool:
    """Whether `Accept-Encoding` names gzip and does not refuse it by a weight of 0 (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return not weight or weight.replace(" ", "").strip("q=0.") != ""
    return False
