# SPDX-License-Identifier: Apache-2.0
"""The keys that a row of a table may have; any other proves that a value is something else."""

import re

from codemods.analysis.row_fixtures import NOT_COLUMNS
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run

#: The model classes whose names differ from those of the objects.
_MODELS = {"Flavor": "InstanceTypes"}

_BACKREF = re.compile(rb"backref\s*\(?\s*=?\s*(?:\w+\.)?(?:backref\()?['\"](\w+)['\"]")


def may_be_key(tree: Tree, name: str, key: str) -> bool:
    """Whether a row of an object's table, or the object itself, may have a key."""
    keys = _keys(tree, name)
    return not keys or key in keys or bool(tree.field_type(name, key))


def is_key(tree: Tree, name: str, key: str) -> bool:
    """Whether rows of an object's table have a key; not every field is one."""
    keys = _keys(tree, name)
    if keys:
        return key in keys
    # the shim's objects are those of the release after that of the tables
    is_newer = not tree.is_own and (name, key) == ("ComputeNode", "host")
    return key not in NOT_COLUMNS.get(name, ()) and not is_newer


@cached_for_run
def _keys(tree: Tree, name: str) -> frozenset[str]:
    """The names in the model class and its bases, and all backrefs; empty without a class."""
    path = f"{tree.package}/db/sqlalchemy/models.py"
    module = tree.project.load(path) if path in tree.project.files else None
    model = module.classes.get(_MODELS.get(name, name)) if module is not None else None
    if module is None or model is None:
        return frozenset()
    found = {match[1].decode() for match in _BACKREF.finditer(module.source.text)}
    for one in tree.project.ancestry(model):
        found |= set(one.kept) | set(one.methods)
    return frozenset(found) | _COMMON


#: The columns that the base of all models adds.
_COMMON = frozenset(("created_at", "updated_at", "deleted_at", "deleted", "id"))
