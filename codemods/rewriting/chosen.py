# SPDX-License-Identifier: Apache-2.0
"""Which of the rules' changes to refuse because the user asked not to make them."""

import libcst as cst

from codemods.choice import FileChoice, Refusal
from codemods.rewriting.findings import Findings
from codemods.rewriting.island import Island
from codemods.rewriting.rule import Rule


class Chosen:
    """What may be changed in an island; `is_all` if the user asked for nothing special."""

    def __init__(self, choice: FileChoice, island: Island, findings: Findings) -> None:
        self.is_all = choice.is_open
        self._choice = choice
        self._island = island
        self._findings = findings

    def refusal(self, rule: Rule, original: cst.CSTNode, known: int) -> Refusal | None:
        """Why what a rule makes of a node is refused; None if it is not.

        Either the node is to be left alone, or one of the edits after the `known` ones.
        """
        span, name = self._island.spans.get(original), rule.name()
        if span is not None and (refusal := self._choice.within(name, *span)) is not None:
            return refusal
        edits = [(edit.start, edit.end) for edit in self._findings.edits[known:]]
        found = (self._choice.of_edit(name, *edit) for edit in edits)
        return next((one for one in found if one is not None), None)
