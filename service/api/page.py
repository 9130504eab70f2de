"""The built files of the page in, routes that serve them out: compressed, revalidated, and kept by browsers for as long
as they do not change. Knows nothing of what is in them.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent.parent / "web"
_COMPRESSED_FROM_BYTES = 500
_REVALIDATED, _FOREVER = "no-cache", "public, max-age=31536000, immutable"
_FOREIGN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What other sites may load: the widget, which says nothing about who loads it."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file as it is served. The tag is made from its content."""

    name: str
    content: bytes
    compressed: bytes | None
    tag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "PageFile":
        compressed = gzip.compress(content, 9, mtime=0) if len(content) >= _COMPRESSED_FROM_BYTES else None
        return cls(name, content, compressed, hashlib.sha256(content).hexdigest()[:16])

    async def reply(self, request: Request) -> Response:
        """The file, or 304 to who has it. Asked for by its tag, as `index.html` does, it may be kept for good."""
        named = request.query_params.get("v") == self.tag
        headers = {
            "Cache-Control": _FOREVER if named else _REVALIDATED,
            "ETag": f'"{self.tag}"',
            "Vary": "Accept-Encoding",
        }
        if self.name == "widget.js":
            headers |= _FOREIGN
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = self.content
        if self.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = self.compressed, "gzip"
        media_type, _ = mimetypes.guess_type(self.name)
        return Response(content, headers=headers, media_type=media_type or "application/octet-stream")


def page_files(folder: Path = FOLDER) -> dict[str, PageFile]:
    """Every file of the page by its name; `index.html` names the others by their tags."""
    contents = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    files = {name: PageFile.of(name, content) for name, content in contents.items()}
    return files | {"index.html": PageFile.of("index.html", _tagged(contents["index.html"], files))}


def _tagged(html: bytes, files: Mapping[str, PageFile]) -> bytes:
    for name, file in files.items():
        html = html.replace(f'"{name}"'.encode(), f'"{name}?v={file.tag}"'.encode())
    return html


def routes() -> list[Route]:
    """One route a file, and `/`. Other paths and methods are left to the router, which knows 404 from 405."""
    files = page_files()
    paths = {"/": files["index.html"]} | {f"/{name}": file for name, file in files.items()}
    return [Route(path, file.reply, methods=["GET"], include_in_schema=False) for path, file in paths.items()]
