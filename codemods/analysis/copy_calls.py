# SPDX-License-Identifier: Apache-2.0
"""Calls that copy their argument."""

import ast

from codemods.analysis.project import Module

_COPIES = ("copy.copy", "copy.deepcopy")


def is_copy(module: Module, call: ast.Call) -> bool:
    """Whether a call is copy.copy() or copy.deepcopy()."""
    return module.dotted_name(call.func) in _COPIES
