# SPDX-License-Identifier: Apache-2.0
"""One use of what holds rows: what is common to all kinds of uses."""

import ast
import builtins
from collections.abc import Set

from codemods.analysis.builtin_names import called_name, is_builtin
from codemods.analysis.logged import is_logged
from codemods.analysis.project import Module
from codemods.analysis.row_keys import is_key
from codemods.analysis.stays import Reason
from codemods.analysis.survey import Survey
from codemods.analysis.unread import EXEC, is_shared, is_shown, may_show
from codemods.analysis.values import DICT, UNKNOWN, Values
from codemods.mappings import passing_decorators, relations
from codemods.syntax.walk import walk

ESCAPES = "row.escapes"

#: The methods of a dict.
OF_DICTS = frozenset(dir(dict)) | {"has_key", "iteritems", "iterkeys", "itervalues"}
#: The container methods for which inference follows what goes in and out.
FOLLOWED = frozenset(("add", "append", "clear", "extend", "get", "has_key", "insert", "items"))
FOLLOWED |= {"iteritems", "iterkeys", "itervalues", "keys", "pop", "popitem", "reverse"}
FOLLOWED |= {"setdefault", "values"}
#: The functions that only ask whether a row is there.
_ASKING = frozenset(("all", "any", "bool", "callable"))
#: What returns or counts the elements of its arguments; inference follows these.
_ITERATING = frozenset(("enumerate", "iter", "len", "list", "next", "reversed", "tuple", "zip"))
_ITERATING |= {"copy.copy", "copy.deepcopy"}
_BUILTINS = frozenset(vars(builtins))
#: What compares elements, or chooses among them, by a function that it is given.
_CHOOSING = frozenset(("filter", "map", "max", "min", "sorted"))

#: Expressions made of several elements.
_MADE = (ast.Tuple, ast.List, ast.ListComp, ast.GeneratorExp)
#: What only tests its operand, passes it on, or drops it.
_PASSING = (ast.If, ast.While, ast.Expr, ast.BoolOp, ast.IfExp, ast.NamedExpr, ast.Delete, *_MADE)


class Use:
    """One use of what holds rows: the node around the expression.

    Any use that is not on one of the lists counts as not understood.
    """

    #: The reason code for a use that only works with what it was before.
    only = "value.dict-only"

    def __init__(self, module: Module, survey: Survey, node: ast.expr, values: Values) -> None:
        self.module = module
        self.survey = survey
        self.inference = survey.inference
        self.tree = survey.tree
        self.node = node
        self.values = values

    @property
    def concerns(self) -> bool:
        """Whether the expression may hold what this kind of use is about."""
        raise NotImplementedError

    @property
    def names(self) -> Set[str]:
        """The objects that the rows become."""
        raise NotImplementedError

    def left(self) -> Reason | None:
        """Why the use is not understood; None if it is."""
        parent = self.module.source.parent(self.node)
        if self._is_shown():
            return Reason(ESCAPES, self._text(self.module.source.statement(self.node)))
        if isinstance(parent, _PASSING):
            return self._escapes(parent) if _is_printed(parent) else None
        method = getattr(self, f"_{type(parent).__name__.lower()}", None)
        if method is None:
            return Reason(ESCAPES, self._text(self.module.source.statement(self.node)))
        found: Reason | None = method(parent)
        return found

    def _is_shown(self) -> bool:
        """Whether the function may see this variable through locals() or the like."""
        if not isinstance(self.node, ast.Name) or not may_show(self.module.source.text):
            return False
        function = self.module.function_around(self.node)
        return function is not None and is_shown(function.node, self.node.id)

    def _text(self, node: ast.expr | ast.stmt) -> str:
        return self.module.source.of(node).partition("\n")[0]

    def _only(self, node: ast.expr | ast.stmt) -> Reason:
        return Reason(self.only, self._text(node))

    def _escapes(self, node: ast.expr | ast.stmt) -> Reason:
        return Reason(ESCAPES, self._text(node))

    # statements

    def _assert(self, parent: ast.Assert) -> Reason | None:
        return None if self.node is parent.test else self._escapes(parent)

    def _return(self, parent: ast.Return) -> Reason | None:
        function = self.module.function_around(parent)
        if function is None:
            return None
        name = function.name.rpartition(".")[2]
        is_protocol = name.startswith("__") and name.endswith("__")
        # Python itself calls `__enter__`, `__call__` or `__getitem__`
        if is_protocol or not function.decorators <= passing_decorators():
            return self._escapes(parent)
        return None

    def _goes_out(self, parent: ast.Return) -> bool:
        """Whether a public function returns it, and no code in the tree takes the result."""
        function = self.module.function_around(parent)
        name = function.name.rpartition(".")[2] if function is not None else ""
        if function is None or name.startswith("_"):
            return False
        return not self.inference.is_returned_to(function.dotted)

    def _assign(self, parent: ast.Assign) -> Reason | None:
        if self.node is not parent.value:
            # this is the target, which holds it from here on
            return None
        return next(filter(None, map(self._kept, parent.targets)), None)

    def _annassign(self, parent: ast.AnnAssign) -> Reason | None:
        return self._kept(parent.target) if self.node is parent.value else None

    def _arguments(self, parent: ast.arguments) -> Reason | None:
        # inference follows the defaults of a function's parameters
        function = self.module.source.parent(parent)
        if not isinstance(function, ast.Lambda):
            return None
        named = [arg.arg for arg in (*parent.posonlyargs, *parent.args)][-len(parent.defaults) :]
        pairs = [
            *zip(named, parent.defaults, strict=False),
            *zip((arg.arg for arg in parent.kwonlyargs), parent.kw_defaults, strict=True),
        ]
        names = {name for name, default in pairs if default is self.node}
        read = (node.id for node in walk(function.body) if isinstance(node, ast.Name))
        return None if names.isdisjoint(read) else self._escapes(self.node)

    def _for(self, parent: ast.For) -> Reason | None:
        return self._iterated(parent) if self.node is parent.iter else self._kept(parent.target)

    def _comprehension(self, parent: ast.comprehension) -> Reason | None:
        return self._iterated(parent) if self.node is parent.iter else None

    def _iterated(self, parent: ast.For | ast.comprehension) -> Reason | None:
        return self._kept(parent.target)

    def _kept(self, target: ast.expr) -> Reason | None:
        """Why the readers of what is stored in a target are not known; None if they are."""
        if isinstance(target, ast.Attribute):
            holders, kind = self.inference.values(target.value), "instance"
        elif isinstance(target, ast.Subscript):
            holders, kind = self.inference.contained(self.module, target.value), "container"
        elif isinstance(target, ast.Tuple | ast.List):
            return next(filter(None, map(self._kept, target.elts)), None)
        elif isinstance(target, ast.Starred):
            return self._escapes(target)
        else:
            is_global = isinstance(target, ast.Name) and self._is_global(target)
            return self._escapes(target) if is_global else None
        is_known = bool(holders) and all(value.kind in (kind, "none") for value in holders)
        return None if is_known else self._escapes(target)

    def _is_global(self, target: ast.Name) -> bool:
        function = self.module.function_around(target)
        return function is None or is_shared(function.node, target.id)

    def _augassign(self, parent: ast.AugAssign) -> Reason | None:
        held = self.inference.contained(self.module, parent.target)
        is_list = isinstance(parent.op, ast.Add) and all(v.kind == "container" for v in held)
        return None if held and is_list else self._only(parent)

    # expressions

    def _unaryop(self, parent: ast.UnaryOp) -> Reason | None:
        return None if isinstance(parent.op, ast.Not) else self._only(parent)

    def _dict(self, parent: ast.Dict) -> Reason | None:
        pairs = zip(parent.keys, parent.values, strict=True)
        # the key of `**` is None
        is_value = any(value is self.node and key is not None for key, value in pairs)
        return None if is_value else self._only(parent)

    def _dictcomp(self, parent: ast.DictComp) -> Reason | None:
        return self._only(parent) if self.node is parent.key else None

    def _binop(self, parent: ast.BinOp) -> Reason | None:
        return (
            None
            if isinstance(parent.op, ast.Mod) and is_logged(self.module.source, self.node)
            else self._only(parent)
        )

    def _compare(self, parent: ast.Compare) -> Reason | None:
        operands = [parent.left, *parent.comparators]
        for left, order, right in zip(operands, parent.ops, operands[1:], strict=False):
            other = right if self.node is left else left
            if self.node not in (left, right) or isinstance(order, ast.Is | ast.IsNot):
                continue
            is_none = isinstance(other, ast.Constant) and other.value is None
            if not is_none and not self._is_compared(order, other, self.node is right):
                return self._only(parent)
        return None

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        """Whether objects compare as rows did."""
        return False

    def _is_like(self, other: ast.expr) -> bool:
        """Whether all that it may be compared with is known, and none of it is a dict.

        The dict of an object has other keys than the conductor's, and times instead of texts.
        """
        values = self.inference.contained(self.module, other)
        if not values or not values.keys().isdisjoint((DICT, UNKNOWN)):
            return False
        # inference does not follow what is put into a dict later, by update() say
        return not any(value.name in self.inference.keyed for value in values)

    # calls

    def _call(self, call: ast.Call) -> Reason | None:
        return self._only(call) if self.node is call.func else self._argument(call)

    def _keyword(self, parent: ast.keyword) -> Reason | None:
        call = self.module.source.parent(parent)
        if not isinstance(call, ast.Call):
            return self._escapes(self.node)
        if parent.arg is None:
            return self._unpacked(call)
        # inference does not follow what a dict is given by keyword
        is_kept = called_name(self.module, call) == "dict"
        return self._escapes(call) if is_kept else self._argument(call)

    def _unpacked(self, call: ast.Call) -> Reason | None:
        return self._escapes(call)

    def _argument(self, call: ast.Call) -> Reason | None:
        name, function = called_name(self.module, call), call.func
        if isinstance(function, ast.Name) and function.id in _BUILTINS:
            if not is_builtin(self.module, function):
                # the rules take the name for the builtin
                return self._escapes(call)
        if name in _ASKING or is_logged(self.module.source, self.node):
            return None
        if self._is_known(call, name) or is_put_in(self, call):
            return None
        if self.inference.takes(call, self.node):
            return None
        return self._escapes(call)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        """Whether a function from outside the tree works with objects as with rows."""
        return False

    def _is_iterating(self, call: ast.Call, name: str) -> bool:
        if name in _ITERATING:
            return all(word.arg == "start" for word in call.keywords)
        if name not in _CHOOSING:
            return False
        words = [word.value for word in call.keywords if word.arg == "key"]
        chosen = words if name not in ("filter", "map") else call.args[:1]
        return len(chosen) == 1 and self._reads_fields(chosen[0])

    def _reads_fields(self, function: ast.expr) -> bool:
        """Whether a function that is called with each row only reads fields of it."""
        if not isinstance(function, ast.Lambda) or len(function.args.args) != 1:
            return False
        name, source = function.args.args[0].arg, self.module.source
        # a tuple parameter has no name, but its elements do
        return name.isidentifier() and all(
            isinstance(parent := source.parent(node), ast.Subscript)
            and parent.value is node
            and self._is_same_in(parent.slice)
            for node in walk(function.body)
            if isinstance(node, ast.Name) and node.id == name
        )

    def _is_same_in(self, key: ast.expr) -> bool:
        """Whether all the objects return for a key what the row had under it."""
        field = str(key.value) if isinstance(key, ast.Constant) else ""
        return self._is_field(key) and not any(
            (name, field) in relations() or self.tree.converts(name, field) for name in self.names
        )

    def _is_field(self, key: ast.expr | None) -> bool:
        """Whether a key is one of all the rows, and a field that the objects return for it."""
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return False
        return all(
            "__getitem__" in self.tree.offers(name)
            and self.survey.will_have(name, key.value)
            and is_key(self.tree, name, key.value)
            for name in self.names
        )


def _is_printed(node: ast.AST) -> bool:
    """Whether this stands for a Python 2 `print` or `exec` statement, which reads its operands."""
    head = node.elts[0] if isinstance(node, ast.Tuple) and node.elts else None
    if isinstance(head, ast.BinOp) and isinstance(head.op, ast.RShift):
        head = head.left
    return isinstance(head, ast.Name) and head.id in (*EXEC, "prin", "print")


def is_put_in(use: Use, call: ast.Call) -> bool:
    """Whether the call is of a method of a container that inference follows."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in FOLLOWED:
        return False
    owner = use.inference.contained(use.module, call.func.value)
    return bool(owner) and all(value.kind == "container" for value in owner)
