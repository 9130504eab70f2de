"""Domain errors in, HTTP errors out: one table, one JSON shape, and what of it the OpenAPI document says."""

import logging
import sqlite3
from http import HTTPStatus
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from embeddings.errors import EncoderError
from index.errors import MilvusError, SnapshotError, SourceError, UnknownArticleError, WenceIndexError, WriteError
from service.errors import (
    InvalidQuestionError,
    NoLedgerError,
    NotReadyError,
    RecordsError,
    ServiceError,
    UnknownAnswerError,
    UnknownCitationError,
    UnknownReformError,
)

STATUS: dict[type[Exception], tuple[HTTPStatus, str]] = {
    InvalidQuestionError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_question"),
    UnknownArticleError: (HTTPStatus.NOT_FOUND, "unknown_article"),
    UnknownCitationError: (HTTPStatus.NOT_FOUND, "unknown_citation"),
    UnknownReformError: (HTTPStatus.NOT_FOUND, "unknown_reform"),
    NoLedgerError: (HTTPStatus.SERVICE_UNAVAILABLE, "no_ledger"),
    SourceError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_article"),
    SnapshotError: (HTTPStatus.SERVICE_UNAVAILABLE, "snapshot_unusable"),
    WriteError: (HTTPStatus.SERVICE_UNAVAILABLE, "storage_unavailable"),
    MilvusError: (HTTPStatus.SERVICE_UNAVAILABLE, "milvus_unavailable"),
    EncoderError: (HTTPStatus.SERVICE_UNAVAILABLE, "encoder_unavailable"),
    UnknownAnswerError: (HTTPStatus.NOT_FOUND, "unknown_answer"),
    RecordsError: (HTTPStatus.SERVICE_UNAVAILABLE, "database_unavailable"),
    NotReadyError: (HTTPStatus.SERVICE_UNAVAILABLE, "not_ready"),
    WenceIndexError: (HTTPStatus.INTERNAL_SERVER_ERROR, "internal"),
    ServiceError: (HTTPStatus.INTERNAL_SERVER_ERROR, "internal"),
}

logger = logging.getLogger("wence")

OPENAI_PATHS = ("/v1/chat/", "/v1/models")
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class ErrorBody(BaseModel):
    """What went wrong: a code for programs, a message for people, and where it helps the details. The routes of OpenAI's
    protocol add the `type` and `param` that it knows.
    """

    code: str
    message: str
    detail: Any = None
    type: str | None = None
    param: str | None = None


class ErrorReply(BaseModel):
    """The one shape of every error."""

    error: ErrorBody


_EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": _EVENT}}, "description": "The answer, or its events"}
}
"""The `responses` of a route that may answer with a stream."""


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these errors."""
    return {int(status): {"model": ErrorReply, "description": status.phrase} for status in statuses}


class ProtocolError(Exception):
    """A request that OpenAI's protocol allows and this service cannot serve, or that names no model of it."""

    def __init__(self, status: HTTPStatus, code: str, message: str, param: str) -> None:
        super().__init__(message)
        self.status, self.code, self.param = status, code, param


def error_body(path: str, status: int, code: str, message: str, detail: object = None) -> dict[str, object]:
    """An error in the one shape, with what OpenAI's protocol adds to it on the routes that speak it."""
    error: dict[str, object] = {"code": code, "message": message}
    if detail is not None:
        error["detail"] = detail
    if path.startswith(OPENAI_PATHS):
        error["type"] = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
        error["param"] = _param(detail)
    return {"error": error}


def error_response(
    path: str, status: int, code: str, message: str, detail: object = None, headers: dict[str, str] | None = None
) -> Response:
    """The reply that tells an error; OpenAI's protocol calls every field that is wrong a bad request."""
    if path.startswith(OPENAI_PATHS) and status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    content = orjson.dumps(error_body(path, status, code, message, detail))
    return Response(content, status, headers, media_type="application/json")


def _param(detail: object) -> str | None:
    first = detail[0] if isinstance(detail, list) and detail else detail
    return first.get("field") if isinstance(first, dict) else None


def install(app: FastAPI) -> None:
    """Answer every error of the domain, the framework and the unexpected in the one shape."""
    for kind in STATUS:
        app.add_exception_handler(kind, _domain)
    app.add_exception_handler(ProtocolError, _protocol)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(sqlite3.DatabaseError, _domain)
    app.add_exception_handler(Exception, _unexpected)


async def once(request: Request) -> None:
    """Raise RequestValidationError where a query parameter is given more than once: none of ours is a list."""
    for name in request.query_params:
        if len(request.query_params.getlist(name)) > 1:
            raise RequestValidationError([{"loc": ("query", name), "msg": "given more than once", "type": "repeated"}])


def classified(error: Exception) -> tuple[HTTPStatus, str, str]:
    """Status, code and message; of an error that is none of the domain's no word, as it may hold what is nobody's business."""
    if isinstance(error, sqlite3.DatabaseError):  # a file was changed since it was found to be sound
        logger.error("a file of the snapshot cannot be read: %s", error)
        return *STATUS[SnapshotError], "a file of the snapshot cannot be read any more; `wence verify` says which"
    for kind in type(error).__mro__:
        if kind in STATUS:
            return *STATUS[kind], str(error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "something went wrong on our side; it is logged"


async def _domain(request: Request, error: Exception) -> Response:
    status, code, message = classified(error)
    detail: object = {"field": "question"} if isinstance(error, InvalidQuestionError) else None
    if isinstance(error, UnknownReformError):
        detail = {"near": error.near}
    headers = {"Retry-After": "5"} if status is HTTPStatus.SERVICE_UNAVAILABLE else None
    return error_response(request.url.path, status, code, message, detail, headers)


async def _protocol(request: Request, error: Exception) -> Response:
    error = cast("ProtocolError", error)
    detail = {"field": error.param}
    return error_response(request.url.path, error.status, error.code, str(error), detail)


async def _invalid(request: Request, error: Exception) -> Response:
    error = cast("RequestValidationError", error)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        message = f"the body is not valid JSON: {first.get('ctx', {}).get('error', 'it cannot be parsed')}"
        return error_response(request.url.path, HTTPStatus.BAD_REQUEST, "malformed_json", message)
    fields = [{"field": _field(item["loc"]), "problem": item["msg"]} for item in error.errors()]
    message = "; ".join(f"{item['field']}: {item['problem']}" for item in fields)
    return error_response(request.url.path, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_field", message, fields)


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if part not in ("body", "query", "path")) or "body"


async def _framework(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # the framework's word for a body that it could not decode
        return error_response(
            request.url.path, HTTPStatus.BAD_REQUEST, "malformed_json", "the body cannot be read; send JSON in UTF-8"
        )
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (allowed := _methods(request)):
        headers["Allow"] = ", ".join(allowed)
    return error_response(request.url.path, error.status_code, code, str(error.detail), headers=headers)


def _methods(request: Request) -> list[str]:
    """Every method of a path; the framework names those of its first route alone."""
    path = getattr(request.scope.get("route"), "path", "").replace(":path}", "}")
    return sorted(method.upper() for method in request.app.openapi()["paths"].get(path, ()))


async def _unexpected(request: Request, error: Exception) -> Response:
    return error_response(request.url.path, *classified(error))
