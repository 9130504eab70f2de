"""The command that makes, lists and revokes API keys."""

import json
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from service.errors import KeyRefusedError
from service.records.records import Records

if TYPE_CHECKING:
    from service.records.keys import Key


def keys(arguments: Namespace) -> int:
    """Run `create`, `list` or `revoke`."""
    if (arguments.what is None) != (arguments.action == "list"):
        needed = {
            "create": "a name: wence keys create NAME",
            "revoke": "an id: wence keys revoke ID",
            "list": "nothing",
        }
        raise KeyRefusedError(f"`wence keys {arguments.action}` takes {needed[arguments.action]}")
    records = Records(arguments.settings.model_copy(update={"snapshot": arguments.snapshot}))
    try:
        if arguments.action == "create":
            return _create(records, arguments)
        if arguments.action == "revoke":
            return _revoke(records, arguments)
        return _list(records, arguments)
    finally:
        records.close()


def _create(records: Records, arguments: Namespace) -> int:
    from service.records.keys import create_key  # noqa: PLC0415 - SQLAlchemy, for who uses keys alone

    origins = tuple(arguments.origin)
    key, shown = create_key(records.engine, arguments.what, arguments.scope, origins, arguments.per_day)
    if arguments.json:
        print(json.dumps({**_row(key), "key": shown}, ensure_ascii=False))
    else:
        print(f"{shown}\n{_line(key)}\nIt is shown this once; send it as `Authorization: Bearer KEY`.")
    return 0


def _revoke(records: Records, arguments: Namespace) -> int:
    from service.records.keys import revoke_key  # noqa: PLC0415 - as above

    key = revoke_key(records.engine, arguments.what)
    print(json.dumps(_row(key), ensure_ascii=False) if arguments.json else _line(key))
    return 0


def _list(records: Records, arguments: Namespace) -> int:
    found = records.list_keys()
    if arguments.json:
        print(json.dumps([_row(key) for key in found], ensure_ascii=False, indent=1))
    else:
        for key in found:
            print(_line(key))
    return 0


def _row(key: "Key") -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope,
        "origins": list(key.origins),
        "per_day": key.per_day,
        "created": f"{key.created:%Y-%m-%dT%H:%M:%SZ}",
        "revoked": f"{key.revoked:%Y-%m-%dT%H:%M:%SZ}" if key.revoked else None,
    }


def _line(key: "Key") -> str:
    row = _row(key)
    pages = f"  for {' '.join(key.origins)}" if key.origins else ""
    cap = f"  {key.per_day} a day" if key.per_day else ""
    return f"{key.id}  {key.scope}  {key.name}{pages}{cap}  created {row['created']}" + (
        f"  revoked {row['revoked']}" if key.revoked else ""
    )
