# SPDX-License-Identifier: Apache-2.0
"""Helpers with which rules make nodes; libcst adds the commas, spaces and parentheses.

What is made here has no line breaks: it is laid out with its statement.
"""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

import libcst as cst
from libcst.helpers import parse_template_module

from codemods.rewriting.comments import comments_in

#: Expressions that an attribute, a subscript or a call may follow without parentheses.
_WHOLE = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Dict, cst.List)
#: Expressions that keep their own parentheses as an argument.
_ENCLOSED = (cst.Tuple, cst.Yield, cst.GeneratorExp)
#: Expressions with brackets around them.
_BRACKETS = (cst.BaseDict, cst.BaseList, cst.BaseSet, cst.GeneratorExp)
_NOTHING = cst.SimpleWhitespace("")
_TIGHT = cst.AssignEqual(_NOTHING, _NOTHING)

Node = TypeVar("Node", bound=cst.CSTNode)
Expression = TypeVar("Expression", bound=cst.BaseExpression)


def expression(source: str) -> cst.BaseExpression:
    """The node of an expression that this package wrote itself."""
    return cst.parse_expression(source)


def statements(template: str, **values: cst.BaseExpression) -> list[cst.BaseStatement]:
    """The statements of a template that this package wrote itself; each `{name}` is a node."""
    return list(parse_template_module(template, **values).body)  # type: ignore[arg-type]


def operand(value: cst.BaseExpression) -> cst.BaseExpression:
    """The value, in parentheses if an attribute, a subscript or a call could not follow it."""
    return value if isinstance(value, _WHOLE) or value.lpar else parenthesised(value)


def summand(value: cst.BaseExpression) -> cst.BaseExpression:
    """The value, in parentheses unless something may be added to it as it is."""
    is_sum = isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add)
    return value if is_sum else operand(value)


def parenthesised(value: Expression) -> Expression:
    """The value in parentheses."""
    return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def bare(value: Expression) -> Expression:
    """The value without the parentheses around it."""
    return value.with_changes(lpar=[], rpar=[])


def argument(value: cst.BaseExpression) -> cst.BaseExpression:
    """The value without parentheses that an argument does not need."""
    return value if isinstance(value, _ENCLOSED) else bare(value)


def within(
    value: cst.BaseExpression, parent: type[cst.CSTNode], may_equal: bool = False
) -> cst.BaseExpression:
    """The value, in parentheses if it needs them as an operand of `parent`.

    `parent` is an operator, or a comparison. `may_equal` says that an operand with the
    same operator needs none, as on the left of `and`.
    """
    is_tight = _binding(value) + may_equal > _BINDING[parent]
    return value if is_tight or value.lpar else parenthesised(value)


#: How tightly expressions bind, the loosest first.
_BINDING: Mapping[type[cst.CSTNode], int] = {
    cst.Yield: 0,
    cst.NamedExpr: 0,
    cst.Lambda: 1,
    cst.IfExp: 1,
    cst.Or: 2,
    cst.And: 3,
    cst.Not: 4,
    cst.Comparison: 5,
}


def _binding(value: cst.BaseExpression) -> int:
    if isinstance(value, cst.BooleanOperation | cst.UnaryOperation):
        return _BINDING.get(type(value.operator), 6)
    return _BINDING.get(type(value), 6)


def either(left: cst.BaseExpression, right: cst.BaseExpression) -> cst.BooleanOperation:
    """`left or right`."""
    return cst.BooleanOperation(within(left, cst.Or, True), cst.Or(), within(right, cst.Or))


def both(left: cst.BaseExpression, right: cst.BaseExpression) -> cst.BooleanOperation:
    """`left and right`."""
    return cst.BooleanOperation(within(left, cst.And, True), cst.And(), within(right, cst.And))


def comparison(
    left: cst.BaseExpression, order: cst.BaseCompOp, right: cst.BaseExpression
) -> cst.Comparison:
    """`left < right`, with `order` as the operator."""
    target = cst.ComparisonTarget(order, within(right, cst.Comparison))
    return cst.Comparison(within(left, cst.Comparison), [target])


def freed(value: cst.BaseExpression) -> cst.BaseExpression:
    """The value without the parentheses around it, or in new ones if its lines need them."""
    value = bare(value)
    try:
        cst.parse_expression(cst.Module([]).code_for_node(value))
    except cst.ParserSyntaxError:
        return parenthesised(value)
    return value


def attribute(value: cst.BaseExpression, name: str) -> cst.Attribute:
    """`value.name`."""
    return cst.Attribute(operand(value), cst.Name(name))


def subscript(value: cst.BaseExpression, key: str) -> cst.Subscript:
    """`value['key']`."""
    return element(value, string(key))


def element(value: cst.BaseExpression, index: cst.BaseExpression) -> cst.Subscript:
    """`value[index]`."""
    return cst.Subscript(operand(value), [cst.SubscriptElement(cst.Index(index))])


def index(value: cst.BaseExpression, number: int) -> cst.Subscript:
    """`value[number]`."""
    place = cst.SubscriptElement(cst.Index(cst.Integer(str(number))))
    return cst.Subscript(operand(value), [place])


def string(text: str) -> cst.SimpleString:
    """`'text'`."""
    return cst.SimpleString(repr(text))


def respelled(value: cst.BaseExpression, text: str) -> cst.BaseExpression:
    """A string literal that stands for another text, in the same quotes."""
    if isinstance(value, cst.SimpleString):
        return value.with_changes(value=f"{value.prefix}{value.quote}{text}{value.quote}")
    return string(text)


def arg(value: cst.BaseExpression, keyword: str = "", star: Literal["", "*", "**"] = "") -> cst.Arg:
    """A positional, keyword or starred argument."""
    if star:
        return cst.Arg(value, star=star)
    value = argument(value)
    return cst.Arg(value, cst.Name(keyword), equal=_TIGHT) if keyword else cst.Arg(value)


def parameter(name: str, default: cst.BaseExpression | None = None) -> cst.Param:
    """A parameter, with its default if it has one."""
    equal: cst.AssignEqual | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
    return cst.Param(cst.Name(name), equal=_TIGHT if default else equal, default=default)


def bare_args(args: Iterable[cst.Arg]) -> list[cst.Arg]:
    """The arguments without commas and white space, and without parentheses of their own."""
    bare_ones = {"comma": cst.MaybeSentinel.DEFAULT, "whitespace_after_arg": _NOTHING}
    return [one.with_changes(value=argument(one.value), **bare_ones) for one in args]


def call(
    function: cst.BaseExpression | str, *args: cst.BaseExpression, **keywords: cst.BaseExpression
) -> cst.Call:
    """`function(args, keyword=value)`."""
    if isinstance(function, str):
        function = expression(function)
    named = [arg(value, keyword) for keyword, value in keywords.items()]
    return cst.Call(function, [*map(arg, args), *named])


def passed_to(function: str, value: cst.BaseExpression) -> cst.Call:
    """`function(value)`, within the parentheses that were around the value."""
    if isinstance(value, _ENCLOSED):
        return call(function, value)
    return call(function, value).with_changes(lpar=value.lpar, rpar=value.rpar)


def method(value: cst.BaseExpression, name: str, *args: cst.BaseExpression) -> cst.Call:
    """`value.name(args)`."""
    return call(attribute(value, name), *args)


def line(node: cst.BaseExpression | cst.BaseSmallStatement) -> cst.SimpleStatementLine:
    """A line of one statement."""
    small = cst.Expr(node) if isinstance(node, cst.BaseExpression) else node
    return cst.SimpleStatementLine([small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])


def assignment(
    target: cst.BaseExpression | str, value: cst.BaseExpression
) -> cst.SimpleStatementLine:
    """`target = value`."""
    if isinstance(target, str):
        target = expression(target)
    assert isinstance(target, cst.BaseAssignTargetExpression)
    return line(cst.Assign([cst.AssignTarget(target)], _enclosed(value)))


def _enclosed(value: cst.BaseExpression) -> cst.BaseExpression:
    """The value, in parentheses if a comment in it ends a line outside of its brackets."""
    part: cst.BaseExpression | None = value
    while part is not None and not part.lpar:
        if isinstance(part, cst.Call):
            part = part.func
        elif isinstance(part, cst.Subscript):
            part = part.value
        elif isinstance(part, _BRACKETS):
            part = None
        else:
            return parenthesised(value) if comments_in(part) else value
    return value


def caught(
    lines: Iterable[cst.BaseStatement], error: str, instead: Iterable[cst.BaseStatement]
) -> cst.Try:
    """The lines in a `try:`, and what is done `instead` if they raise `error`."""
    handler = cst.ExceptHandler(cst.IndentedBlock([*instead]), expression(error))
    return cst.Try(cst.IndentedBlock([*lines]), [handler])


def changed(node: Node, **fields: Any) -> Node:
    """The node with other `fields`; the node itself if it has the same ones already."""
    same = all(_is_one(getattr(node, name), value) for name, value in fields.items())
    return node if same else node.with_changes(**fields)


def _is_one(old: Any, new: Any) -> bool:
    if isinstance(old, Sequence):
        return len(old) == len(new) and all(map(operator.is_, old, new))
    return old is new


def bound(node: cst.Call, parameters: Sequence[str]) -> dict[str, cst.BaseExpression]:
    """A call's arguments by parameter; `**values` is found under "**"."""
    places = iter(parameters)
    return {
        one.star or (one.keyword.value if one.keyword else next(places)): one.value
        for one in node.args
    }


def is_same(one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether two expressions are spelled alike, apart from parentheses around them."""
    return bare(one).deep_equals(bare(other))


def literal_text(node: cst.CSTNode) -> str | None:
    """The text that a string literal stands for; None for any other node."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def literal_key(node: cst.Subscript) -> str | None:
    """The string between the brackets; None if it is anything else."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return literal_text(index.value) if isinstance(index, cst.Index) and not index.star else None


def pairs(node: cst.Dict) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The literal keys of a dict with their values."""
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            key = literal_text(element.key)
            if key is not None:
                yield key, element.value
