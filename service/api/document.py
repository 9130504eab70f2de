"""The OpenAPI document of the application, with what no single route can say: keys, limits, and what a body may meet.

`python -m service.api.document` prints it, as tests/golden/openapi.json holds it.
"""

import json
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from service.api.errors import OPENAI_PATHS
from service.settings import Settings

_EVERYWHERE: Final = (401, 403, 429, 503)
_WITH_BODY: Final = (400, 408, 413)
_KEYS: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made by `wence keys create`; needed unless the service listens on its own machine alone.",
}


def describe(app: FastAPI) -> None:
    """Have the application tell this document as its own."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain(), app.state.wence.settings)  # which the application keeps
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], settings: Settings) -> None:
    for name in ("AskRequest", "SearchRequest"):
        document["components"]["schemas"][name]["properties"]["question"]["maxLength"] = settings.question_chars
    document["components"]["securitySchemes"] = {"key": _KEYS}
    for path, operations in document["paths"].items():
        if not path.startswith(("/v1/", "/metrics")):
            continue
        for operation in operations.values():
            responses = operation["responses"]
            for status in _EVERYWHERE + (_WITH_BODY if "requestBody" in operation else ()):
                responses.setdefault(str(status), _error(status))
            if path.startswith(OPENAI_PATHS):
                responses.pop("422", None)  # that protocol knows only bad requests
            operation["responses"] = dict(sorted(responses.items()))
            operation.setdefault("security", [{"key": []}, {}])


def _error(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ErrorReply"}
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": {"schema": schema}}}


def main() -> None:
    """Print the document."""
    from service.api.app import create_app  # noqa: PLC0415 - which describes itself by this module

    document = create_app(Settings(snapshot=Path("snapshot"))).openapi()
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
