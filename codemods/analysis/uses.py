# SPDX-License-Identifier: Apache-2.0
"""What the code does with the rows of the conductor, place by place: understood or not.

A row may become an object only if every use of it is understood: inference
follows it further, a rule rewrites it, or an object of this tree answers as the
dict did. Any other use counts as not understood.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.column_uses import ColumnUse, CopiedUse
from codemods.analysis.container_uses import ContainerUse
from codemods.analysis.project import Module
from codemods.analysis.row_uses import RowsUse, RowUse
from codemods.analysis.stays import Reason
from codemods.analysis.survey import Survey
from codemods.analysis.use import ESCAPES, Use
from codemods.analysis.values import Values

_KINDS: tuple[type[Use], ...] = (RowUse, RowsUse, ContainerUse, ColumnUse, CopiedUse)


class Uses:
    """The uses of rows in one file of the code."""

    def __init__(self, module: Module, survey: Survey) -> None:
        self.module = module
        self.survey = survey

    def not_understood(self) -> Iterator[tuple[ast.expr, Values, Reason]]:
        """The expressions that hold rows and whose use is not understood, with their values."""
        for node, values in self.survey.inference.carrying_in(self.module):
            for kind in _KINDS:
                use = kind(self.module, self.survey, node, values)
                left = use.left() if use.concerns else None
                if left is not None:
                    yield node, values, left
                    break
        for call, argument, values in self.survey.inference.given_away(self.module):
            yield argument, values, Reason(ESCAPES, self.module.source.of(call).partition("\n")[0])
