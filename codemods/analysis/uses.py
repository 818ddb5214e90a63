"""What is done with the rows of the conductor, place by place: understood, or not.

A row may become an object only where every use of it is understood: it is
followed further, a rule rewrites it, or an object of this tree answers there as
the dict did. Whatever is on none of these lists counts as not understood.
"""

import ast
import re
from collections.abc import Iterator, Set

from codemods.analysis.expressions import is_dumps
from codemods.analysis.facts import Held
from codemods.analysis.project import Module
from codemods.analysis.stays import Left
from codemods.analysis.survey import Survey
from codemods.analysis.values import Values
from codemods.mappings import passing_decorators, relations
from codemods.syntax.walk import walk

ESCAPES = "row.escapes"

#: The methods of a dict that a rule lets work on an object, and on whatever else it may be.
_READING = frozenset(("copy", "keys", "values", "iterkeys", "itervalues", "has_key"))
_OF_DICTS = frozenset(dir(dict)) | {"has_key", "iteritems", "iterkeys", "itervalues"}
#: The methods of a container of which inference follows what goes in and out.
_FOLLOWED = frozenset(("add", "append", "clear", "extend", "get", "has_key", "insert", "items"))
_FOLLOWED |= {"iteritems", "iterkeys", "itervalues", "keys", "pop", "popitem", "reverse"}
_FOLLOWED |= {"setdefault", "values"}
#: The functions that ask of a row no more than whether it is there.
_ASKING = frozenset(("all", "any", "bool", "callable"))
#: What a rule makes a dict of first, where the argument is an object for sure.
_READERS = frozenset(("copy.copy", "iter", "list", "set", "sorted", "tuple"))
#: What a rule makes a dict of first, whatever else it may be; and what works on either.
_COPYING = frozenset(("cmp", "copy.deepcopy", "dict"))
#: What gives, or counts, the elements of its arguments, each of which is followed.
_ITERATING = frozenset(("enumerate", "iter", "len", "list", "next", "reversed", "tuple", "zip"))
_ITERATING |= {"copy.copy", "copy.deepcopy"}
#: What compares its elements, or chooses among them, by a function that it is given.
_CHOOSING = frozenset(("filter", "map", "max", "min", "sorted"))
_LOGGERS = frozenset(("LOG", "LOGGER", "log", "logger", "logging"))
_LEVELS = frozenset(("audit", "critical", "debug", "error", "exception", "info", "log", "warn"))
_LEVELS |= {"warning"}
#: What gives pairs of keys and values, or of anything.
_PAIRS = frozenset(("enumerate", "items", "iteritems", "zip"))
#: The classes of which a row is no instance, nor is an object.
_NEITHER = frozenset(("Exception", "basestring", "int", "list", "str", "tuple", "unicode"))
#: What translates a text.
_TRANSLATING = frozenset(("_", "_LC", "_LE", "_LI", "_LW"))

#: What only asks whether its operand is true, passes it on, or lets go of it.
_PASSING = (
    ast.If,
    ast.While,
    ast.Expr,
    ast.BoolOp,
    ast.IfExp,
    ast.NamedExpr,
    ast.Delete,
    ast.Tuple,
    ast.List,
    ast.ListComp,
    ast.GeneratorExp,
)

_KEYS = re.compile(r"%\((\w+)\)")


class Uses:
    """The uses of rows in one file of the code."""

    def __init__(self, module: Module, survey: Survey) -> None:
        self.module = module
        self.survey = survey

    def not_understood(self) -> Iterator[tuple[ast.expr, Values, Left]]:
        """What holds rows of which something is done that is not understood, with its values."""
        for node, values in self.survey.inference.carrying_in(self.module):
            for kind in _KINDS:
                use = kind(self, node, values)
                left = use.left() if use.concerns else None
                if left is not None:
                    yield node, values, left
                    break
        for call, argument, values in self.survey.inference.given_away(self.module):
            yield argument, values, Left(ESCAPES, self.module.source.of(call).partition("\n")[0])


class _Use:
    """One use of what holds rows: what stands around the expression."""

    #: The reason where it is used as nothing but what it was can be.
    only = "value.dict-only"

    def __init__(self, uses: Uses, node: ast.expr, values: Values) -> None:
        self.module = uses.module
        self.survey = uses.survey
        self.inference = uses.survey.inference
        self.tree = uses.survey.tree
        self.node = node
        self.values = values

    @property
    def concerns(self) -> bool:
        """Whether the expression may hold what this is the use of."""
        raise NotImplementedError

    @property
    def names(self) -> Set[str]:
        """The objects that the rows become."""
        raise NotImplementedError

    def left(self) -> Left | None:
        """Why the use is not understood; None if it is."""
        parent = self.module.source.parent(self.node)
        if isinstance(parent, _PASSING):
            return self._escapes(parent) if _is_printed(parent) else None
        method = getattr(self, f"_{type(parent).__name__.lower()}", None)
        if method is None:
            return Left(ESCAPES, self._text(self.module.source.statement(self.node)))
        found: Left | None = method(parent)
        return found

    def _text(self, node: ast.expr | ast.stmt) -> str:
        return self.module.source.of(node).partition("\n")[0]

    def _only(self, node: ast.expr | ast.stmt) -> Left:
        return Left(self.only, self._text(node))

    def _escapes(self, node: ast.expr | ast.stmt) -> Left:
        return Left(ESCAPES, self._text(node))

    # statements

    def _assert(self, parent: ast.Assert) -> Left | None:
        return None if self.node is parent.test else self._escapes(parent)

    def _return(self, parent: ast.Return) -> Left | None:
        function = self.module.function_around(parent)
        if function is not None and not function.decorators <= passing_decorators():
            return self._escapes(parent)
        return None

    def _assign(self, parent: ast.Assign) -> Left | None:
        if self.node is not parent.value:
            # from here on the target holds it, which is no use
            return None
        return next(filter(None, map(self._kept, parent.targets)), None)

    def _annassign(self, parent: ast.AnnAssign) -> Left | None:
        return self._kept(parent.target) if self.node is parent.value else None

    def _arguments(self, parent: ast.arguments) -> Left | None:
        # what a parameter of a function has without an argument is followed
        function = self.module.source.parent(parent)
        return self._escapes(self.node) if isinstance(function, ast.Lambda) else None

    def _for(self, parent: ast.For) -> Left | None:
        return self._iterated(parent) if self.node is parent.iter else self._kept(parent.target)

    def _comprehension(self, parent: ast.comprehension) -> Left | None:
        return self._iterated(parent) if self.node is parent.iter else None

    def _iterated(self, parent: ast.For | ast.comprehension) -> Left | None:
        return None

    def _kept(self, target: ast.expr) -> Left | None:
        """Why it cannot be told who reads what is kept in a place."""
        if isinstance(target, ast.Attribute):
            holders, kind = self.inference.values(target.value), "instance"
        elif isinstance(target, ast.Subscript):
            holders, kind = self.inference.contained(self.module, target.value), "container"
        elif isinstance(target, ast.Tuple | ast.List):
            return next(filter(None, map(self._kept, target.elts)), None)
        else:
            is_global = isinstance(target, ast.Name) and self._is_global(target)
            return self._escapes(target) if is_global else None
        is_known = bool(holders) and all(value.kind in (kind, "none") for value in holders)
        return None if is_known else self._escapes(target)

    def _is_global(self, target: ast.Name) -> bool:
        function = self.module.function_around(target)
        return function is None or any(
            target.id in node.names
            for node in walk(function.node)
            if isinstance(node, ast.Global | ast.Nonlocal)
        )

    def _augassign(self, parent: ast.AugAssign) -> Left | None:
        held = self.inference.contained(self.module, parent.target)
        is_list = isinstance(parent.op, ast.Add) and all(v.kind == "container" for v in held)
        return None if held and is_list else self._only(parent)

    # expressions

    def _unaryop(self, parent: ast.UnaryOp) -> Left | None:
        return None if isinstance(parent.op, ast.Not) else self._only(parent)

    def _dict(self, parent: ast.Dict) -> Left | None:
        keys = [
            key for key, value in zip(parent.keys, parent.values, strict=True) if value is self.node
        ]
        return None if keys and keys[0] is not None else self._only(parent)

    def _dictcomp(self, parent: ast.DictComp) -> Left | None:
        return self._only(parent) if self.node is parent.key else None

    def _binop(self, parent: ast.BinOp) -> Left | None:
        return None if isinstance(parent.op, ast.Mod) and self._is_logged() else self._only(parent)

    def _compare(self, parent: ast.Compare) -> Left | None:
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

    # calls

    def _call(self, call: ast.Call) -> Left | None:
        return self._only(call) if self.node is call.func else self._argument(call)

    def _keyword(self, parent: ast.keyword) -> Left | None:
        call = self.module.source.parent(parent)
        if not isinstance(call, ast.Call):
            return self._escapes(self.node)
        return self._argument(call) if parent.arg is not None else self._unpacked(call)

    def _unpacked(self, call: ast.Call) -> Left | None:
        return self._escapes(call)

    def _argument(self, call: ast.Call) -> Left | None:
        name = self.module.dotted_name(call.func).removeprefix(f"{self.module.dotted}.")
        if name in _ASKING or self._is_logged():
            return None
        if self._is_known(call, name) or _is_put_in(self, call):
            return None
        if self.inference.takes(call, self.node):
            return None
        return self._escapes(call)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        """Whether a function that is not the tree's does with objects what it did with rows."""
        return False

    def _is_logged(self) -> bool:
        """Whether the expression is no more than part of what a logger is called with."""
        for parent in self.module.source.parents(self.node):
            if isinstance(parent, ast.Call):
                if _is_logger(parent.func):
                    return True
                if getattr(parent.func, "id", "") not in _TRANSLATING:
                    return False
            elif not isinstance(parent, ast.BinOp | ast.Dict | ast.Tuple | ast.keyword):
                return False
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
        """Whether a function that gets each row reads nothing but fields of it."""
        if not isinstance(function, ast.Lambda) or len(function.args.args) != 1:
            return False
        name, source = function.args.args[0].arg, self.module.source
        return all(
            isinstance(parent := source.parent(node), ast.Subscript)
            and parent.value is node
            and self._is_same_in(parent.slice)
            for node in walk(function.body)
            if isinstance(node, ast.Name) and node.id == name
        )

    def _is_same_in(self, key: ast.expr) -> bool:
        """Whether all the objects answer to a key with what the row had under it."""
        field = str(key.value) if isinstance(key, ast.Constant) else ""
        return self._is_field(key) and not any(
            (name, field) in relations() or self.tree.converts(name, field) for name in self.names
        )

    def _is_field(self, key: ast.expr | None) -> bool:
        """Whether a key is a field of all the objects, which answer to keys."""
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return False
        return all(
            "__getitem__" in self.tree.offers(name) and self.survey.will_have(name, key.value)
            for name in self.names
        )


class _Row(_Use):
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

    def _of_key(self, key: ast.expr | None, node: ast.expr) -> Left | None:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return Left("key.not-literal", self._text(node))
        if self._is_relation(key) or all(self.survey.will_have(n, key.value) for n in self.names):
            return None
        return Left("key.no-such-field", self._text(node))

    def _subscript(self, parent: ast.Subscript) -> Left | None:
        if self.node is not parent.value or isinstance(parent.slice, ast.Slice):
            return self._only(parent)
        if isinstance(parent.ctx, ast.Del) and not self._is_relation(parent.slice):
            return self._only(parent)
        method = "__getitem__" if isinstance(parent.ctx, ast.Load) else "__setitem__"
        if not self._is_sure and not self._offer(method):
            return self._only(parent)
        return self._of_key(parent.slice, parent)

    def _attribute(self, parent: ast.Attribute) -> Left | None:
        name, call = parent.attr, self.module.source.parent(parent)
        if name not in _OF_DICTS:
            # what may be an object as well is asked for more than a dict has
            return self._only(parent) if self._is_alone else None
        if not isinstance(call, ast.Call) or call.func is not parent:
            return self._only(parent)
        if name == "get":
            return self._of_key(call.args[0] if call.args else None, call)
        if name == "update" and self._offer(name):
            is_one = len(call.args) == 1 and not call.keywords
            return self._only(call) if not is_one or _is_pairs(call.args[0]) else None
        is_offered = name in ("items", "iteritems") and self._offer(name)
        return None if name in _READING or is_offered else self._only(call)

    def _assign(self, parent: ast.Assign) -> Left | None:
        is_unpacked = any(isinstance(target, ast.Tuple | ast.List) for target in parent.targets)
        return self._only(parent) if is_unpacked else super()._assign(parent)

    def _iterated(self, parent: ast.For | ast.comprehension) -> Left | None:
        return None if self._is_sure else self._only(parent.iter)

    def _unpacked(self, call: ast.Call) -> Left | None:
        return None

    def _is_known(self, call: ast.Call, name: str) -> bool:
        if name == "isinstance":
            # no dict is one of these, and no object
            is_neither = getattr(call.args[-1], "id", "") in _NEITHER
            return is_neither or not self._is_alone
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if owner is not None and name.endswith(".update") and self._offer("items"):
            # a rule copies what goes into the other row
            held = self.inference.values(owner)
            return bool(held) and all(value.kind in ("row", "none") for value in held)
        return name in _COPYING or (
            name in _READERS and self._is_sure and len(call.args) == 1 and not call.keywords
        )

    def _binop(self, parent: ast.BinOp) -> Left | None:
        text = parent.left.value if isinstance(parent.left, ast.Constant) else None
        is_filled = isinstance(parent.op, ast.Mod) and self.node is parent.right
        if not is_filled or not isinstance(text, str) or self._is_logged():
            return super()._binop(parent)
        keys = _KEYS.findall(text)
        is_known = keys and all(self._is_same_in(ast.Constant(key)) for key in keys)
        return None if is_known else self._only(parent)

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        if isinstance(order, ast.Eq | ast.NotEq):
            return True
        if not is_right or not isinstance(order, ast.In | ast.NotIn):
            return False
        is_service = isinstance(other, ast.Constant) and other.value == "service"
        if is_service and self.names == {"ComputeNode"}:
            return True
        return self._is_field(other) and not self._is_relation(other)


class _Rows(_Use):
    """A use of what may be the rows of a table."""

    only = "value.list-only"

    @property
    def concerns(self) -> bool:
        return bool(self.names)

    @property
    def names(self) -> Set[str]:
        return {value.name for value in self.values if value.kind == "rows"}

    def _subscript(self, parent: ast.Subscript) -> Left | None:
        is_read = self.node is parent.value and isinstance(parent.ctx, ast.Load)
        return None if is_read else self._only(parent)

    def _attribute(self, parent: ast.Attribute) -> Left | None:
        return self._only(parent)

    def _iterated(self, parent: ast.For | ast.comprehension) -> Left | None:
        # an object cannot be unpacked
        return self._only(parent.iter) if isinstance(parent.target, ast.Tuple | ast.List) else None

    def _is_known(self, call: ast.Call, name: str) -> bool:
        return self._is_iterating(call, name)

    def _binop(self, parent: ast.BinOp) -> Left | None:
        # a rule makes a list of them first
        is_list = isinstance(parent.op, ast.Add | ast.Mult)
        return None if is_list else super()._binop(parent)

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        return isinstance(order, ast.Eq | ast.NotEq)


class _Container(_Use):
    """A use of a list, dict or tuple that has rows in it."""

    only = ESCAPES

    @property
    def concerns(self) -> bool:
        return any(
            value.kind == "container" and self.inference.is_carrying(value) for value in self.values
        )

    @property
    def names(self) -> Set[str]:
        found = [row for value in self.values for row, _ in self.inference.rows_in(value)]
        return {row.name for row in found if row.kind != "column"}

    def _subscript(self, parent: ast.Subscript) -> Left | None:
        return None if self.node is parent.value else self._only(parent)

    def _attribute(self, parent: ast.Attribute) -> Left | None:
        call = self.module.source.parent(parent)
        if not isinstance(call, ast.Call) or call.func is not parent:
            return self._only(parent)
        is_sorted = parent.attr == "sort" and self._is_iterating(call, "sorted")
        return None if is_sorted or parent.attr in _FOLLOWED else self._only(call)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        return self._is_iterating(call, name)

    def _binop(self, parent: ast.BinOp) -> Left | None:
        is_list = isinstance(parent.op, ast.Add | ast.Mult)
        return None if is_list else super()._binop(parent)

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        """Whether it is asked for a key, or for something else that is no row."""
        values = self.inference.contained(self.module, other)
        is_asked = is_right and isinstance(order, ast.In | ast.NotIn)
        return is_asked and not any(map(self.inference.is_carrying, values))


class _Column(_Use):
    """A use of what a row holds as text, or as rows, and an object as something else."""

    only = "value.other-type"

    @property
    def concerns(self) -> bool:
        return any(value.kind == "column" for value in self.values)

    @property
    def names(self) -> Set[str]:
        return frozenset()

    def left(self) -> Left | None:
        """Why the use is not understood; None where the code looks what it has, too."""
        return None if self._is_looked_at() else super().left()

    def _attribute(self, parent: ast.Attribute) -> Left | None:
        # text has no such methods, so it is a dict that the code has put there
        is_dict = self._is_json and parent.attr in _OF_DICTS and parent.attr not in dir(str)
        return None if is_dict else self._only(parent)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        """Whether JSON is made of what then takes its place, which a rule undoes."""
        statement = self.module.source.parent(call)
        return (
            self._is_json
            and is_dumps(name)
            and isinstance(statement, ast.Assign)
            and [self._text(target) for target in statement.targets] == [self._text(self.node)]
        )

    @property
    def _is_flag(self) -> bool:
        """Whether it is the number that says whether the row is deleted, a bool in the object."""
        return all(v.name.endswith(".deleted") for v in self.values if v.kind == "column")

    @property
    def _is_json(self) -> bool:
        names = [value.name.partition(".") for value in self.values if value.kind == "column"]
        return all("dict" in self.tree.field_kind(row, key).lower() for row, _, key in names)

    def _is_looked_at(self) -> bool:
        """Whether the function asks of what type it is."""
        function, text = self.module.function_around(self.node), self._text(self.node)
        return function is not None and any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "isinstance"
            and bool(node.args)
            and self._text(node.args[0]) == text
            for node in walk(function.node)
        )

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        """Whether two times of the same object are compared, which a rule sees to."""
        values = self.inference.contained(self.module, other)
        if self._is_flag:
            return True
        if not any(value.kind == "column" for value in values):
            return False
        times = {value for value in (*self.values, *values) if value.kind == "column"}
        is_time = all(value.name.endswith("_at") for value in times)
        if isinstance(order, ast.Eq | ast.NotEq):
            return is_time and all(v.kind in ("column", "unknown") for v in (*self.values, *values))
        return is_time and _row_of(self.node) is not None and _row_of(other) is not None


class _Copied(_Use):
    """A use of a dict that was made of what a row holds, times among it."""

    only = "value.other-type"

    @property
    def concerns(self) -> bool:
        return bool(self.names)

    @property
    def names(self) -> Set[str]:
        return {value.name for value in self.values if value.kind == "copied"}

    def _subscript(self, parent: ast.Subscript) -> Left | None:
        return None if self.node is parent.value else self._only(parent)

    def _attribute(self, parent: ast.Attribute) -> Left | None:
        return None

    def _unpacked(self, call: ast.Call) -> Left | None:
        return None

    def _augassign(self, parent: ast.AugAssign) -> Left | None:
        return None

    def _is_known(self, call: ast.Call, name: str) -> bool:
        return name in _READERS | _COPYING | _ITERATING | {"isinstance"}

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        return True

    def _binop(self, parent: ast.BinOp) -> Left | None:
        text = parent.left.value if isinstance(parent.left, ast.Constant) else None
        if not isinstance(parent.op, ast.Mod) or not isinstance(text, str):
            return super()._binop(parent)
        keys = _KEYS.findall(text)
        is_known = keys and not any(self.tree.converts(n, key) for n in self.names for key in keys)
        return None if is_known else super()._binop(parent)


def _is_printed(node: ast.AST) -> bool:
    """Whether this is what a statement of Python 2 is respelled as, which reads its operands."""
    head = node.elts[0] if isinstance(node, ast.Tuple) and node.elts else None
    return isinstance(head, ast.Name) and head.id in ("exe", "exec", "prin", "print")


def _row_of(node: ast.expr) -> ast.expr | None:
    """The row that a column is read of right here, if that makes no call of its own."""
    owner = None
    if isinstance(node, ast.Subscript):
        owner = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value if node.func.attr == "get" else None
    is_named = owner is not None and not any(isinstance(one, ast.Call) for one in walk(owner))
    return owner if is_named else None


def _is_pairs(node: ast.expr) -> bool:
    """Whether this is no dict, but what the update of a dict takes instead, or several."""
    func = node.func if isinstance(node, ast.Call) else None
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    return name in _PAIRS or isinstance(
        node, ast.Starred | ast.List | ast.Tuple | ast.ListComp | ast.GeneratorExp
    )


def _is_put_in(use: _Use, call: ast.Call) -> bool:
    """Whether a method of a container of the code's is called, which keeps its argument."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _FOLLOWED:
        return False
    owner = use.inference.contained(use.module, call.func.value)
    return bool(owner) and all(value.kind == "container" for value in owner)


def _is_logger(func: ast.expr) -> bool:
    """Whether a logger is called, which makes no more than a line of text."""
    if not isinstance(func, ast.Attribute) or func.attr not in _LEVELS:
        return False
    owner = func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return name in _LOGGERS


_KINDS = (_Row, _Rows, _Container, _Column, _Copied)
