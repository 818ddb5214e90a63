# SPDX-License-Identifier: Apache-2.0
"""What the user asked not to do, for everything that rules do not check themselves."""

from collections.abc import Collection, Iterator, Mapping

from codemods.analysis.facts import Span
from codemods.analysis.handles import Handle
from codemods.analysis.survey import Survey
from codemods.analysis.uncarried import test_at
from codemods.analysis.unit_tests import is_unit_test
from codemods.choice import Choice, Refusal
from codemods.model import Edit, Item, NeedsPerson, NewFile, Refused
from codemods.rules.code.remove_conductor_handle import RemoveConductorHandle


class Refusals:
    """What the user asked about the handles, the new files and the unit tests of a tree.

    `handles` are those that must not be removed, each with the reason.
    """

    def __init__(self, survey: Survey, choice: Choice, handles: Collection[Handle]) -> None:
        self._survey = survey
        self._choice = choice
        self._noted: dict[int, list[Refused]] = {}
        self._rule = RemoveConductorHandle.name()
        self.handles: dict[Handle, Refusal] = {}
        chosen = {
            path: choice.of(survey.modules[path].source)
            for path in {handle.path for handle in handles}
        }
        for handle in handles:
            place = handle.method or handle.statement
            refusal = chosen[handle.path].of_edit(self._rule, *place)
            if refusal is not None:
                self.handles[handle] = refusal

    def note(self, number: int, unread: Mapping[str, Collection[Span]]) -> None:
        """Note what a stage would remove if handles were not kept."""
        found = self._noted.setdefault(number, [])
        for handle, refusal in self.handles.items():
            for start, end in {handle.statement, handle.method or handle.statement}:
                if (start, end) in unread.get(handle.path, ()):
                    line = self._survey.modules[handle.path].source.line_at(start)
                    edit = Edit(handle.path, start, end, "", Item.CONDUCTOR, self._rule, line)
                    found.append(Refused(edit, refusal.why, refusal.is_listed, False))

    def handles_at(self, number: int) -> list[Refused]:
        """The handles that stay at a stage although nothing reads them."""
        return list(self._noted.get(number, ()))

    def of_new(self, new: NewFile) -> Refused | None:
        """The refusal of a new file; None if it may be created."""
        why = self._choice.closed(new.path) or self._choice.rules.get(new.rule, "")
        if not why:
            return None
        edit = Edit(new.path, 0, 0, "", new.item, new.rule, 1)
        return Refused(edit, why, False, not is_unit_test(new.path, self._survey.tree.package))

    def persons(self, refused: Collection[Refused]) -> Iterator[NeedsPerson]:
        """The unit tests that do not follow the code because the user refused the edit."""
        for one in refused:
            edit, module = one.edit, self._survey.modules.get(one.edit.path)
            if module is not None and self._survey.is_test(edit.path):
                test = test_at(module, edit.start)
                reason = f"{edit.rule} would follow the code here, and does not: {one.why}"
                yield NeedsPerson(edit.path, edit.line, test, edit.item, reason)
