# SPDX-License-Identifier: Apache-2.0
"""The request context: who asks, and whether deleted rows are seen.

Same attributes and the same dict form as nova's, so that it crosses the bus to and from a node
of 2014.2.
"""

from __future__ import annotations

import contextvars
import copy
from typing import Any

from oslo_context import context as oslo_context
from oslo_utils import timeutils

READ_DELETED = ("no", "yes", "only")
#: What the columns hold.
_LONGEST_ID = 255

#: The connection of the transaction that this thread is in, None outside of one.
current_connection: contextvars.ContextVar[Any] = contextvars.ContextVar(
    "current_connection", default=None
)


class RequestContext(oslo_context.RequestContext):
    """Who asks: ``user_id``, ``project_id``, ``is_admin``, and what they see: ``read_deleted``.

    ``read_deleted`` is one of ``no``, ``yes`` and ``only``; anything else is a ValueError.
    """

    def __init__(
        self,
        user_id: str | None = None,
        project_id: str | None = None,
        is_admin: bool = False,
        read_deleted: str = "no",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("overwrite", False)
        super().__init__(user_id=user_id, project_id=project_id, is_admin=is_admin, **kwargs)
        self.timestamp = timeutils.utcnow()
        self.read_deleted = read_deleted

    @property
    def session(self) -> Any:
        """SQLAlchemy's connection inside of a transaction; None outside."""
        return current_connection.get()

    @property
    def read_deleted(self) -> str:
        return self._read_deleted

    @read_deleted.setter
    def read_deleted(self, value: str) -> None:
        if value not in READ_DELETED:
            raise ValueError(f"read_deleted must be one of {READ_DELETED}, not {value!r}")
        self._read_deleted = value

    def elevated(self, read_deleted: str | None = None) -> RequestContext:
        """A copy with the rights of an administrator."""
        elevated = copy.copy(self)
        elevated.roles = [
            *(self.roles or []),
            *([] if "admin" in (self.roles or []) else ["admin"]),
        ]
        elevated.is_admin = True
        if read_deleted is not None:
            elevated.read_deleted = read_deleted
        return elevated

    def to_dict(self) -> dict[str, Any]:
        """What crosses the bus: JSON values under the keys that nova 2014.2 reads."""
        return {
            "user_id": self.user_id,
            "project_id": self.project_id,
            "user": self.user_id,
            "tenant": self.project_id,
            "is_admin": bool(self.is_admin),
            "read_deleted": self.read_deleted,
            "roles": list(self.roles or []),
            "request_id": self.request_id,
            "timestamp": self.timestamp.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any], **_kwargs: Any) -> RequestContext:
        """The context that a dict of nova's or of ours describes; unknown keys are dropped.

        ValueError for what is none: these values go into each line of the log.
        """
        ids = {name: _checked(name, values.get(name)) for name in _IDS}
        roles = values.get("roles") or []
        if not isinstance(roles, list | tuple):
            raise ValueError("the roles of a context are a list")
        return cls(
            is_admin=bool(values.get("is_admin")),
            read_deleted=values.get("read_deleted") or "no",
            roles=list(roles),
            **ids,
        )


_IDS = ("user_id", "project_id", "request_id")


def _checked(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_ID or not value.isprintable():
        raise ValueError(f"the {name} of a context is one line of text")
    return value


def get_admin_context(read_deleted: str = "no") -> RequestContext:
    """A context that may do everything and belongs to nobody."""
    return RequestContext(is_admin=True, read_deleted=read_deleted)
