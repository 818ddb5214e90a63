# SPDX-License-Identifier: Apache-2.0
"""The text of a tree without the positions of its nodes, which libcst would also compute."""

import contextlib
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

_NOWHERE = contextlib.nullcontext()


class _Text(CodegenState):
    def record_syntactic_position(self, *_: Any, **__: Any) -> "contextlib.nullcontext[None]":  # type: ignore[override]
        return _NOWHERE


def code_of(module: cst.Module) -> str:
    """Return `module.code` in two thirds of the time."""
    state = _Text(module.default_indent, module.default_newline)
    module._codegen(state)
    return "".join(state.tokens)
