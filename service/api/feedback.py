"""The routes of feedback: a rating of an answer in, acknowledged once it is on disk; what came in, for the admin."""

import re
from asyncio import wrap_future
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from service.api.errors import documented, once
from service.api.gate.admin import ADMIN_ONLY, admin
from service.api.state import SharedState
from service.api.wire import FeedbackItem, FeedbackKept, FeedbackList, NewFeedback
from service.errors import UnknownAnswerError

router = APIRouter(prefix="/v1", tags=["feedback"], dependencies=[Depends(once)])
_ID = "[0-9a-f]{32}"
_WRITING = documented(
    HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)  # fmt: skip
_READING = documented(
    HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)


@router.post("/feedback", status_code=HTTPStatus.CREATED, responses=_WRITING)
async def add_feedback(request: NewFeedback, state: SharedState) -> FeedbackKept:
    """A rating and a comment on an answer, by the answer's `id`. The reply means that it is on disk."""
    if not re.fullmatch(_ID, request.answer_id):
        raise UnknownAnswerError(f"{request.answer_id!r} is no id of an answer; answers carry theirs in `id`")
    comment = request.comment.replace("\0", "") if request.comment else None
    identity = await wrap_future(state.records.add_feedback(request.answer_id, request.rating, comment))
    return FeedbackKept(id=identity, answer_id=request.answer_id)


@router.get("/feedback", responses=_READING, dependencies=[Depends(admin)], openapi_extra=ADMIN_ONLY)
def list_feedback(
    state: SharedState,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str, Query(pattern=f"^({_ID})?$")] = "",
) -> FeedbackList:
    """The latest feedback, newest first."""
    found = state.records.list_feedback(limit, cursor or None)
    items = [FeedbackItem(**asdict(item)) for item in found]
    return FeedbackList(feedback=items, next_cursor=items[-1].id if len(items) == limit else None)
