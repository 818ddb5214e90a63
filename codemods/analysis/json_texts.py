# SPDX-License-Identifier: Apache-2.0
"""Recognize the functions that make JSON text."""


def is_dumps(dotted: str) -> bool:
    """Whether a function of that name makes JSON text."""
    return dotted.endswith("jsonutils.dumps") or dotted == "json.dumps"
