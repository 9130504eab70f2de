"""What routes for the admin alone depend on: who calls in, nothing out, or a refusal that says which key is needed."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import HTTPException, Request

from service.api.gate.gate import CALLER
from service.api.gate.keyring import Caller
from service.api.state import SharedState

ADMIN_ONLY: Final[dict[str, Any]] = {"security": [{"key": []}]}
"""What the document says of a route that needs an admin key."""


async def admin(request: Request, state: SharedState) -> None:
    """Let through who shows an admin key."""
    caller: Caller = request.scope[CALLER]
    if caller.scope == "admin":
        return
    if not state.settings.admin_key and not state.settings.needs_keys:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "this is for the admin alone; start the service with WENCE_ADMIN_KEY set, or make a key with `wence keys"
            " create NAME --scope admin`",
        )
    if caller.scope is None:
        raise HTTPException(
            HTTPStatus.UNAUTHORIZED,
            "this needs the header `Authorization: Bearer KEY` with an admin key",
            {"WWW-Authenticate": "Bearer"},
        )
    raise HTTPException(HTTPStatus.FORBIDDEN, "this key may ask; this needs a key with the scope admin")
