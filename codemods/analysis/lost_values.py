# SPDX-License-Identifier: Apache-2.0
"""Which calls that write rows stay because an object would lose or refuse what they write.

An object silently drops a column for which it has no field. A field that is a
dict refuses the JSON text that its column holds, and a read-only one any new
value. And if the returned row is used, it no longer has a literal whose type
differs from the field's.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from codemods.analysis.columns import OTHER_NAMES, columns_of
from codemods.analysis.dict_fields import dict_fields, is_text_literal
from codemods.analysis.dict_origins import Origins, Pair, before
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.facts import Site, Span
from codemods.analysis.filled_keys import line_that_fills
from codemods.analysis.json_texts import is_dumps
from codemods.analysis.project import Module
from codemods.analysis.site_facts import site_table
from codemods.analysis.sites import bind, why_left
from codemods.analysis.stays import Reason, Stays
from codemods.analysis.survey import Survey
from codemods.analysis.tree import folders
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import Item

_DEEPEST = 8
_LISTS = (ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp)


def writes_that_stay(survey: Survey, items: Sequence[Item]) -> Stays:
    """The calls that stay once the work items are done, each with the reason."""
    found = {}
    lost = _Lost(survey, frozenset(items))
    for module in survey.code():
        for node, call in _writes(module, survey):
            left = lost.why(module, node, call)
            if left is not None:
                found[module.source.path, node.lineno] = left
    return Stays(found)


def _writes(module: Module, survey: Survey) -> Iterator[tuple[ast.Call, ConductorCall]]:
    """The calls that would be rewritten to write an object."""
    known = conductor_calls()
    for node in module.all(ast.Call):
        for value in survey.inference.values(node.func):
            call = known.get(value.name) if value.kind == "method" else None
            if call is None or call.kind not in ("create", "update"):
                continue
            if why_left(node, call, module, survey.tree) is None:
                yield node, call


class _Lost:
    """Finds out what a call would lose."""

    def __init__(self, survey: Survey, done: frozenset[Item]) -> None:
        self._survey = survey
        self._done = done
        self._filled: dict[str, str] = {}
        self._undone: dict[str, set[Span]] = {}

    def why(self, module: Module, node: ast.Call, call: ConductorCall) -> Reason | None:
        """Why a call stays; None if an object loses nothing."""
        if call.named_values:
            return self._why_other(module, node, call)
        values = (bind(node, call.parameters) or {}).get("values")
        if values is None:
            return None
        columns = {
            name
            for name, _, _ in columns_of(self._survey.tree, call.object)
            if not self._survey.field_type(call.object, name, self._done)
        }
        if self._survey.plan.widened and not isinstance(values, ast.Dict):
            columns -= OTHER_NAMES.keys()
        origins = Origins(self._survey.inference, module, values)
        return (
            self._why_no_dict(module, values, origins)
            or self._why_lost(columns, origins)
            or self._why_read_only(module, values, call, origins)
            or self._why_time(call, origins)
            or self._why_refused(call.object, origins)
            or self._why_retyped(module, node, call.object, origins)
            or self._why_unset(module, node, call)
        )

    def _why_no_dict(self, module: Module, values: ast.expr, origins: Origins) -> Reason | None:
        """Whether the argument may be anything but a dict of values that the code has built."""
        text = module.source.of(values).partition("\n")[0]
        if origins.may_be_row:
            return Reason(
                "value.other-type", f"`{text}` may be a whole row, with all that is joined"
            )
        for held in self._survey.inference.contained(module, values):
            if held.kind == "instance" and self._is_no_dict(held.name):
                name = held.name.rpartition(".")[2]
                return Reason("value.other-type", f"`{text}` may be an instance of {name}")
        return None

    def _is_no_dict(self, dotted: str) -> bool:
        """Whether a class is none of dicts, as far as the tree and the class's name tell."""
        project = self._survey.inference.project.aside()
        path = project.path_of(dotted)
        found = project.find_class(dotted) if path is not None and project.load(path) else None
        if found is None:
            return "dict" not in dotted.rpartition(".")[2].lower()
        line = project.ancestry(found) if found is not None else []
        bases = {base for one in line for base in one.bases}
        return bool(line) and all(
            base.rpartition(".")[2] == "object" or project.find_class(base) is not None
            for base in bases
        )

    def _why_other(self, module: Module, node: ast.Call, call: ConductorCall) -> Reason | None:
        """Whether a column passed by keyword gets numbers, which the object turns into strings.

        The conductor compared the numbers with the stored strings, and wrote them again.
        """
        for word in node.keywords:
            if self._survey.tree.field_type(call.object, word.arg or "").has_strings:
                for owner, value in _leaves(self._survey, module, word.value):
                    if _has_numbers(value):
                        return Reason("value.other-type", owner.source.of(value).partition("\n")[0])
        return None

    def _why_unset(self, module: Module, node: ast.Call, call: ConductorCall) -> Reason | None:
        """Whether a dict would have to be passed to an object that has no update()."""
        if "update" in self._survey.tree.offers(call.object):
            return None
        site = self._sites_of(module).get(module.source.span(node))
        is_named = site is None or site.left is not None or site.values is not None
        return None if is_named else Reason("call.no-object", f"{call.object}.update()")

    def _sites_of(self, module: Module) -> Mapping[Span, Site]:
        return site_table(module, self._survey, self._done)

    def _why_lost(self, columns: set[str], origins: Origins) -> Reason | None:
        for pair in origins.pairs:
            if pair.key in columns:
                return Reason("call.lost-column", f"{pair.key}, at {_place(pair)}")
        for name in sorted(columns) if origins.is_open else ():
            if place := self._place_that_fills(name):
                return Reason("call.lost-column", f"{name}, which {place} may fill")
        return None

    def _place_that_fills(self, name: str) -> str:
        """Where the code names a column as a key other than to read it; "" if nowhere."""
        if name not in self._filled:
            self._filled[name] = next(self._places_that_fill(name), "")
        return self._filled[name]

    def _places_that_fill(self, name: str) -> Iterator[str]:
        package = self._survey.tree.package
        own = folders(package, "conductor", "db", "objects", "tests")
        word = name.encode()
        for path, data in sorted(self._survey.tree.project.files.items()):
            if word in data and not path.startswith(own) and "/tests/" not in path:
                line = line_that_fills(path, data, name)
                if line is not None:
                    yield f"{path}:{line}"

    def _why_retyped(
        self, module: Module, node: ast.Call, name: str, origins: Origins
    ) -> Reason | None:
        """Whether the row would have a value other than the one given, or the field refuses it.

        Only for literals and other expressions whose type shows. Compute nodes that keep
        their columns keep every value as given.
        """
        if name == "ComputeNode" and self._survey.plan.keeps_columns:
            return None
        is_used = not isinstance(module.source.parent(node), ast.Expr)
        for pair in origins.pairs:
            field = self._survey.field_type(name, pair.key, self._done)
            for _, value in _leaves(self._survey, pair.module, pair.value) if field else ():
                if not (field.holds if is_used else field.stores)(value):
                    return Reason("value.other-type", f"{pair.key}, at {_place(pair)}")
        return None

    def _why_read_only(
        self, module: Module, values: ast.expr, call: ConductorCall, origins: Origins
    ) -> Reason | None:
        """Whether the call updates the id, by which save() finds the row, or a read-only field."""
        for pair in origins.pairs if call.kind == "update" else ():
            field = self._survey.field_type(call.object, pair.key, self._done)
            is_fixed = pair.key == "id" or field.is_read_only
            if is_fixed and not _is_deleted(module, values, pair.key):
                return Reason("value.other-type", f"{pair.key}, at {_place(pair)}")
        return None

    def _why_time(self, call: ConductorCall, origins: Origins) -> Reason | None:
        """Whether the call updates a column that holds a time.

        An object's time has a timezone and the one in the database has none, so SQLAlchemy
        cannot compare them; nova's database API drops the timezone only for instances.
        """
        for pair in origins.pairs if call.kind == "update" else ():
            field = self._survey.field_type(call.object, pair.key, self._done)
            leaves = _leaves(self._survey, pair.module, pair.value) if field.is_time else ()
            if any(not isinstance(one, ast.Constant) or one.value is not None for _, one in leaves):
                return Reason("value.other-type", f"{pair.key}, at {_place(pair)}")
        return None

    def _why_refused(self, name: str, origins: Origins) -> Reason | None:
        for pair in origins.pairs:
            if not self._survey.tree.field_type(name, pair.key).is_dict:
                continue
            for module, value in _leaves(self._survey, pair.module, pair.value):
                if self._is_refused(name, pair.key, module, value):
                    return Reason("value.text", f"{pair.key}, at {_place(pair)}")
                if self._is_retold(module, value):
                    return Reason("value.other-type", f"{pair.key}, at {_place(pair)}")
        return None

    def _is_retold(self, module: Module, text: ast.expr) -> bool:
        """Whether the field would serialize the same dict to a different text than the code does.

        All values of such a field are strings, unless it keeps what it is given.
        """
        if not isinstance(text, ast.Call) or not is_dumps(module.dotted_name(text.func)):
            return False
        # the order of the keys does not matter
        if len(text.args) != 1 or any(word.arg != "sort_keys" for word in text.keywords):
            return True
        if any(isinstance(one, _LISTS) for _, one in _leaves(self._survey, module, text.args[0])):
            return True
        if self._survey.plan.keeps_columns:
            return False
        pairs = Origins(self._survey.inference, module, text.args[0]).pairs
        values = (_leaves(self._survey, pair.module, pair.value) for pair in pairs)
        return any(not _may_be_text(one) for leaves in values for _, one in leaves)

    def _is_refused(self, name: str, key: str, module: Module, value: ast.expr) -> bool:
        """Whether a value is, or may be, a string when the object gets it."""
        if isinstance(value, ast.Dict | ast.DictComp):
            return False
        if isinstance(value, ast.Call):
            if is_made_dict(value, module):
                return False
            if is_dumps(module.dotted_name(value.func)):
                return not self._is_undone(module, value)
        if is_text_literal(value):
            return not self._is_undone(module, value)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return True
        return self._is_stored_as_text(name, key)

    def _is_undone(self, module: Module, value: ast.expr) -> bool:
        """Whether a rule replaces the serialized text with the dict that it was made from."""
        path = module.source.path
        if path not in self._undone:
            found = dict_fields(module, self._survey, self._done, self._sites_of(module))
            self._undone[path] = set(found)
        spans = (value, module.source.statement(value))
        return any(module.source.span(one) in self._undone[path] for one in spans)

    def _is_stored_as_text(self, name: str, key: str) -> bool:
        """Whether the conductor expects text for a column, not a dict."""
        tree = self._survey.tree
        if all(column != key for column, _, _ in columns_of(tree, name)):
            return False
        server = tree.project.files.get(f"{tree.package}/conductor/manager.py", b"")
        return f"'{key}'".encode() not in server


def _is_deleted(module: Module, values: ast.expr, key: str) -> bool:
    """Whether the function around a dict takes a key out of it, with `del` or pop()."""
    function, text = module.function_around(values), module.source.of(values)
    keys = (node for node in module.all(ast.Constant) if node.value == key)
    return any(
        module.source.of(owner) == text
        for node in keys
        if module.function_around(node) is function
        and (owner := _taken_from(module.source.parent(node))) is not None
    )


def _taken_from(node: ast.AST) -> ast.expr | None:
    """The dict of `values[...]` that is deleted, or of `values.pop(...)`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Del):
        return node.value
    func = node.func if isinstance(node, ast.Call) else None
    return func.value if isinstance(func, ast.Attribute) and func.attr == "pop" else None


def _has_numbers(node: ast.expr) -> bool:
    """Whether a literal dict has a value that a dict of strings would convert to a string."""
    return isinstance(node, ast.Dict) and not all(map(_may_be_text, node.values))


def _may_be_text(node: ast.expr) -> bool:
    """Whether a value may be a string or None."""
    if isinstance(node, ast.Constant):
        return node.value is None or isinstance(node.value, str)
    return not isinstance(node, (ast.Dict, ast.DictComp, *_LISTS))


def _leaves(
    survey: Survey, module: Module, node: ast.expr, depth: int = 0
) -> Iterator[tuple[Module, ast.expr]]:
    """The expressions that a value comes from, as far back as they can be followed."""
    is_name = isinstance(node, ast.Name | ast.IfExp | ast.BoolOp)
    is_call = isinstance(node, ast.Call) and not is_dumps(module.dotted_name(node.func))
    found, _ = before(survey.inference, module, node) if is_name or is_call else ([], True)
    if not found or depth > _DEEPEST:
        yield module, node
    for place in found if depth <= _DEEPEST else ():
        yield from _leaves(survey, *place, depth + 1)


def _place(pair: Pair) -> str:
    source = pair.module.source
    return f"{source.path}:{source.line_at(source.start(pair.value))}"
