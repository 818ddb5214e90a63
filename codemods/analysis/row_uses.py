# SPDX-License-Identifier: Apache-2.0
"""The uses of a single row, and of a list of rows."""

import ast
import string
from collections.abc import Set

from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.facts import Held
from codemods.analysis.kept_copies import are_kept_and_new, is_set_in_sight, may_be_set_by_name
from codemods.analysis.logged import filled_keys
from codemods.analysis.row_keys import is_key
from codemods.analysis.stays import Reason
from codemods.analysis.use import OF_DICTS, Use
from codemods.analysis.values import are_joined_alike
from codemods.mappings import conductor_calls, keys_of_updates, relations
from codemods.syntax.walk import walk

#: The methods of a dict that a rule makes work on an object, and on whatever else it may be.
READING = frozenset(("copy", "keys", "values", "iterkeys", "itervalues", "has_key"))
#: What a rule passes a dict to, if the argument is certainly an object.
READERS = frozenset(("copy.copy", "iter", "list", "set", "sorted", "tuple"))
#: What a rule passes a dict to, whatever else the argument may be; and what works on either.
_COPYING = frozenset(("cmp", "copy.deepcopy", "dict"))
#: What returns pairs, of keys and values or of anything else.
_PAIRS = frozenset(("enumerate", "items", "iteritems", "zip"))
#: The classes of which neither a row nor an object is an instance.
_NEITHER = frozenset(("Exception", "basestring", "int", "list", "str", "tuple", "unicode"))

#: The statements that store their value, as it is or combined with what was there.
_STORING = (ast.Assign, ast.AugAssign, ast.AnnAssign)


class RowUse(Use):
    """A use of what may be one row."""

    @property
    def concerns(self) -> bool:
        return bool(self.names)

    @property
    def names(self) -> Set[str]:
        return {value.name for value in self.values if value.kind == "row"}

    @property
    def _is_sure(self) -> bool:
        held = Held(self.values).object
        return held is not None and held.sure

    @property
    def _is_alone(self) -> bool:
        return all(value.kind in ("row", "none") for value in self.values)

    def _offer(self, method: str) -> bool:
        return all(method in self.tree.offers(name) for name in self.names)

    def _is_relation(self, key: ast.expr | None) -> bool:
        value = key.value if isinstance(key, ast.Constant) else None
        return all((name, value) in relations() for name in self.names)

    def _of_key(self, key: ast.expr | None, node: ast.expr) -> Reason | None:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return Reason("key.not-literal", self._text(node))
        if self._is_relation(key):
            return None
        if not all(self.survey.will_have(name, key.value) for name in self.names):
            return Reason("key.no-such-field", self._text(node))
        is_stored = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        if is_stored or all(is_key(self.tree, name, key.value) for name in self.names):
            return None
        return Reason("relation.not-joined", self._text(node))

    def _subscript(self, parent: ast.Subscript) -> Reason | None:
        if self.node is not parent.value or isinstance(parent.slice, ast.Slice):
            return self._only(parent)
        is_relation = self._is_relation(parent.slice)
        if isinstance(parent.ctx, ast.Del):
            is_known = is_relation and self._is_deleted_if_there(parent)
            return None if is_known else self._only(parent)
        if isinstance(parent.ctx, ast.Store) and is_relation:
            return self._only(parent)
        method = "__getitem__" if isinstance(parent.ctx, ast.Load) else "__setitem__"
        if not self._is_sure and not self._offer(method):
            return self._only(parent)
        if isinstance(parent.ctx, ast.Store) and self._turns(parent):
            return Reason("value.other-type", self._text(self.module.source.statement(parent)))
        return self._of_key(parent.slice, parent)

    def _turns(self, target: ast.Subscript) -> bool:
        """Whether the object refuses or converts what is stored under a key."""
        statement = self.module.source.parent(target)
        value = getattr(statement, "value", None)
        key = target.slice.value if isinstance(target.slice, ast.Constant) else None
        fields = [self.tree.field_type(name, str(key)) for name in self.names]
        if any(field.is_read_only for field in fields):
            return True
        if not isinstance(value, ast.expr) or not isinstance(statement, _STORING):
            return False
        return not all(field.holds(value) for field in fields if field)

    def _attribute(self, parent: ast.Attribute) -> Reason | None:
        name, call = parent.attr, self.module.source.parent(parent)
        if name not in OF_DICTS:
            # if it may be an object as well, it may be used for more than a dict has
            return self._only(parent) if self._is_alone else None
        if not isinstance(call, ast.Call) or call.func is not parent:
            return self._only(parent)
        if name == "get":
            return self._of_key(call.args[0] if call.args else None, call)
        if name == "update" and self._offer(name):
            is_one = len(call.args) == 1 and not call.keywords
            return self._only(call) if not is_one or _is_pairs(call.args[0]) else None
        is_offered = name in ("items", "iteritems") and self._offer(name)
        return None if name in READING or is_offered else self._only(call)

    def _assign(self, parent: ast.Assign) -> Reason | None:
        is_unpacked = any(isinstance(target, ast.Tuple | ast.List) for target in parent.targets)
        return self._only(parent) if is_unpacked else super()._assign(parent)

    def _iterated(self, parent: ast.For | ast.comprehension) -> Reason | None:
        return None if self._is_sure else self._only(parent.iter)

    def _unpacked(self, call: ast.Call) -> Reason | None:
        # the callee may take any keyword, also columns that are not fields
        is_known = self.inference.is_conductors(call) or is_made_dict(call, self.module)
        return None if is_known or self._is_formatted(call) else self._escapes(call)

    def _is_formatted(self, call: ast.Call) -> bool:
        """Whether a literal string is filled from the row: `'{host}'.format(**row)`."""
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr != "format":
            return False
        text = func.value.value if isinstance(func.value, ast.Constant) else None
        if not isinstance(text, str):
            return False
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError:
            # it fails with the dict, too
            return False
        return all(self._is_same_in(ast.Constant(name)) for name in names)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        if name == "isinstance":
            # neither a dict nor an object is an instance of these
            return getattr(call.args[-1], "id", "") in _NEITHER
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if owner is not None and name.endswith(".update") and self._offer("items"):
            # a rule copies the items into the other row
            held = self.inference.values(owner)
            return bool(held) and all(value.kind in ("row", "none") for value in held)
        if name == "cmp" and len(call.args) == 2:
            other = call.args[call.args[0] is self.node]
            return self._may_be_equal(other)
        return name in _COPYING or (
            name in READERS and self._is_sure and len(call.args) == 1 and not call.keywords
        )

    def _binop(self, parent: ast.BinOp) -> Reason | None:
        keys = filled_keys(parent)
        is_known = keys and all(self._is_same_in(ast.Constant(key)) for key in keys)
        return None if is_known else super()._binop(parent)

    def _may_be_equal(self, other: ast.expr) -> bool:
        """Whether the dicts that a rule makes of this and of another are equal if the rows were."""
        if may_be_set_by_name(self.survey, self.module, other):
            return False
        values = (*self.values, *self.inference.values(other))
        is_known = self._is_like(other) and is_set_in_sight(self.survey, self.module, other)
        is_alike = is_known and are_joined_alike(values)
        if not is_alike and are_kept_and_new(self.survey, self.module, self.node, other):
            # what only an update joins is not in a row that was kept before it
            is_alike = are_joined_alike(values, keys_of_updates())
        return is_alike and not self._may_be_one(other)

    def _may_be_one(self, other: ast.expr) -> bool:
        """Whether this and another row may be the same object, saved in between.

        The conductor returned a new dict each time; an object that is saved is
        still the one that was kept before.
        """
        pair = (self.node, other)
        kept = [one for one in pair if isinstance(one, ast.Attribute) and self._keeps_row(one)]
        return (
            bool(kept)
            and all(isinstance(one, ast.Attribute) or self._is_parameter(one) for one in pair)
            and self._is_stored()
        )

    def _is_stored(self) -> bool:
        """Whether the file names a conductor call that updates such a row."""
        text = self.module.source.text
        return any(
            call.kind == "update" and call.object in self.names and name.encode() in text
            for name, call in conductor_calls().items()
        )

    def _keeps_row(self, attribute: ast.Attribute) -> bool:
        """Whether a row is stored in an attribute itself, not as a copy."""
        return any(
            isinstance(target, ast.Attribute)
            and target.attr == attribute.attr
            and isinstance(node.value, ast.Name | ast.Attribute)
            and any(value.kind == "row" for value in self.inference.values(node.value))
            for node in self.module.all(ast.Assign)
            for target in node.targets
        )

    def _is_parameter(self, node: ast.expr) -> bool:
        function = self.module.function_around(node)
        return (
            isinstance(node, ast.Name) and function is not None and node.id in function.parameters
        )

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        if isinstance(order, ast.Eq | ast.NotEq):
            return self._may_be_equal(other)
        if not is_right or not isinstance(order, ast.In | ast.NotIn):
            return False
        is_service = isinstance(other, ast.Constant) and other.value == "service"
        if is_service and self.names == {"ComputeNode"}:
            return self._is_deleted_if_there(self.module.source.parent(self.node))
        return self._is_field(other) and not self._is_relation(other)

    def _is_deleted_if_there(self, node: ast.AST) -> bool:
        """Whether this only deletes the relation if the row has it, which a rule handles.

        `node` asks for the key, or is what is deleted.
        """
        guarded = self.module.source.parent(node)
        while isinstance(guarded, ast.BoolOp) and isinstance(guarded.op, ast.And):
            guarded = self.module.source.parent(guarded)
        if isinstance(guarded, ast.Delete):
            guarded = self.module.source.parent(guarded)
        return (
            isinstance(guarded, ast.If)
            and all(isinstance(one, ast.Delete) for one in guarded.body)
            and not guarded.orelse
            and any(
                isinstance(one, ast.Compare)
                and isinstance(one.ops[0], ast.In)
                and isinstance(one.left, ast.Constant)
                and one.left.value == "service"
                for one in walk(guarded.test)
            )
        )


class RowsUse(Use):
    """A use of what may be the rows of a table."""

    only = "value.list-only"

    @property
    def concerns(self) -> bool:
        return bool(self.names)

    @property
    def names(self) -> Set[str]:
        return {value.name for value in self.values if value.kind == "rows"}

    def _subscript(self, parent: ast.Subscript) -> Reason | None:
        is_read = self.node is parent.value and isinstance(parent.ctx, ast.Load)
        return None if is_read else self._only(parent)

    def _attribute(self, parent: ast.Attribute) -> Reason | None:
        return self._only(parent)

    def _iterated(self, parent: ast.For | ast.comprehension) -> Reason | None:
        # an object cannot be unpacked
        if isinstance(parent.target, ast.Tuple | ast.List):
            return self._only(parent.iter)
        return super()._iterated(parent)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        return self._is_iterating(call, name)

    def _binop(self, parent: ast.BinOp) -> Reason | None:
        # a rule converts them to a list first
        is_list = isinstance(parent.op, ast.Add | ast.Mult)
        return None if is_list else super()._binop(parent)

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        is_known = isinstance(order, ast.Eq | ast.NotEq) and self._is_like(other)
        is_alike = is_known and are_joined_alike((*self.values, *self.inference.values(other)))
        return (
            is_alike
            and is_set_in_sight(self.survey, self.module, other)
            and not may_be_set_by_name(self.survey, self.module, other)
        )


def _is_pairs(node: ast.expr) -> bool:
    """Whether this may be pairs instead of a dict, as an argument of a dict's update()."""
    func = node.func if isinstance(node, ast.Call) else None
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    return name in _PAIRS or isinstance(
        node, ast.Starred | ast.List | ast.Tuple | ast.ListComp | ast.GeneratorExp
    )
