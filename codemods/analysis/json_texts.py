# SPDX-License-Identifier: Apache-2.0
"""Recognize the functions that make JSON text, and those that parse it."""


def is_dumps(dotted: str) -> bool:
    """Whether a function of that name makes JSON text."""
    return dotted.endswith("jsonutils.dumps") or dotted == "json.dumps"


def is_loads(dotted: str) -> bool:
    """Whether a function of that name parses JSON text."""
    return dotted.endswith("jsonutils.loads") or dotted == "json.loads"
