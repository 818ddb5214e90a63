# SPDX-License-Identifier: Apache-2.0
"""An instance's network information, as its cache holds it."""

from __future__ import annotations

import json
from typing import Any


class NetworkInfo(list[dict[str, Any]]):
    """A list of VIFs, each a dict: ``id``, ``address``, ``network``, ``type``, ``details``, ..."""

    def json(self) -> str:
        """The text that the column and the wire carry."""
        return json.dumps(self)

    @classmethod
    def hydrate(cls, text: str | None) -> NetworkInfo:
        """The list that the text holds; empty for no text. ValueError for anything else."""
        return cls.of(json.loads(text) if text else [])

    @classmethod
    def of(cls, vifs: Any) -> NetworkInfo:
        """The list of those VIFs. ValueError for what is no list of dicts."""
        if not isinstance(vifs, list) or not all(isinstance(vif, dict) for vif in vifs):
            raise ValueError("network information is a JSON list of objects")
        return cls(vifs)
