# SPDX-License-Identifier: Apache-2.0
"""What has to stay because the edits that it depends on were refused."""

from collections.abc import Iterable, Iterator

from codemods.analysis.file_stays import stays_between, stays_for
from codemods.analysis.stays import NOTHING_STAYS, Addition, Place, Reason, Stays
from codemods.analysis.survey import Survey
from codemods.mappings import reasons
from codemods.model import Declined, Edit, Item, Refused

_Key = tuple[str, int, int, str]


class RefusedEdits:
    """The edits that were refused, over the repeated analyses of the tree.

    What depends on one is found from its place: the calls there, and those whose
    rows get there. If the edit comes up again all the same, more stays each time:
    the function around it, the file, and in the end every call.
    """

    def __init__(self) -> None:
        self._asked: dict[_Key, int] = {}
        self._listed: dict[_Key, Refused] = {}

    def stays(self, survey: Survey, refused: Iterable[Refused], known: Stays) -> Stays:
        """What has to stay, besides what is `known` to, lest these edits come up again."""
        found, seen = NOTHING_STAYS, dict[_Key, Refused]()
        for one in refused:
            seen.setdefault(_key(one.edit), one)
        for key, one in seen.items():
            if one.is_listed:
                self._listed.setdefault(key, one)
            if one.is_needed and not _is_test(survey, one.edit.path):
                found |= self._hanging(survey, key, one, known)
        return found

    def _hanging(self, survey: Survey, key: _Key, one: Refused, known: Stays) -> Stays:
        edit, times = one.edit, self._asked.get(key, 0)
        left = Reason(one.code, f"{edit.path}:{edit.line}: {edit.rule}: {one.why}")
        for number, find in enumerate(_WIDER[times:], times + 1):
            found = find(survey, edit, left)
            if known | found != known:
                self._asked[key] = number
                return found
        return NOTHING_STAYS

    def declined(self, known: Iterable[Declined]) -> Iterator[Declined]:
        """The places where the edits would be, apart from those `known` to be left."""
        said = {(one.path, one.line, one.rule, one.code) for one in known}
        for one in self._listed.values():
            edit = one.edit
            if (edit.path, edit.line, edit.rule, one.code) not in said:
                said.add((edit.path, edit.line, edit.rule, one.code))
                reason = f"{reasons()[one.code]}: {one.why}"
                place = edit.path, edit.line, edit.item, edit.rule
                yield Declined(*place, one.code, reason, edit.evidence)


def _key(edit: Edit) -> _Key:
    return edit.path, edit.start, edit.end, edit.rule


def _is_test(survey: Survey, path: str) -> bool:
    return path in survey.modules and survey.is_test(path)


def _at_place(survey: Survey, edit: Edit, left: Reason) -> Stays:
    if edit.item is Item.OBJECT_FIELDS:
        return Stays(additions={_addition(survey, edit.path): left})
    calls: dict[Place, Reason] = {
        (step.path, step.line): left for step in edit.evidence if step.call
    }
    if edit.path not in survey.modules:
        return Stays(calls)
    return stays_between(survey, edit.path, (edit.start, edit.end), left) | Stays(calls)


def _addition(survey: Survey, path: str) -> Addition:
    """The addition that an edit of a file is part of."""
    objects = survey.tree.objects_path
    named: dict[str, Addition] = {
        f"{objects}/flavor.py": "flavor",
        f"{objects}/__init__.py": "registration",
    }
    return named.get(path, "nodes")


def _around(survey: Survey, edit: Edit, left: Reason) -> Stays:
    """What has to stay so that the function around an edit does not change."""
    module = survey.modules.get(edit.path)
    function = module.function_at(edit.start) if module is not None else None
    if module is None or function is None:
        return NOTHING_STAYS
    span = module.source.start(function.node), module.source.end(function.node)
    return stays_between(survey, edit.path, span, left)


def _in_file(survey: Survey, edit: Edit, left: Reason) -> Stays:
    return Stays(asked={edit.path: left}) | stays_for(survey, [edit.path], left)


def _everywhere(survey: Survey, edit: Edit, left: Reason) -> Stays:
    return Stays(all=left)


#: What may depend on an edit, from the least to the most.
_WIDER = (_at_place, _around, _in_file, _everywhere)
