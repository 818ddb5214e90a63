# SPDX-License-Identifier: Apache-2.0
"""Add a base to a class."""

import libcst as cst

from codemods.rewriting.comments import WIDTH


def with_first_base(found: cst.ClassDef, base: cst.Arg) -> cst.ClassDef:
    """A class at module level with one more base before its others, in lines of 79 columns."""
    head, code = f"class {found.name.value}(", cst.Module([]).code_for_node
    bases = f"{code(base)}, {''.join(map(code, found.bases))}"
    if "\n" not in bases and len(f"{head}{bases}):") <= WIDTH:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    else:
        below = cst.SimpleWhitespace(" " * len(head))
        comma = cst.Comma(whitespace_after=cst.ParenthesizedWhitespace(last_line=below))
    return found.with_changes(bases=[base.with_changes(comma=comma), *found.bases])
