# SPDX-License-Identifier: Apache-2.0
"""Make, fill and save an object: the base of the rules for calls that write rows."""

from collections.abc import Iterator
from typing import Any, TypeGuard

import libcst as cst
import libcst.matchers as m

from codemods.analysis.facts import Part, Site
from codemods.model import Item
from codemods.rewriting.comments import comments_in, lost_comments, noted, under
from codemods.rewriting.leading_lines import parted
from codemods.rewriting.nodes import (
    arg,
    argument,
    assignment,
    attribute,
    bound,
    call,
    expression,
    line,
    literal_text,
    method,
    subscript,
)
from codemods.rewriting.rule import RowRule

#: The fields that notifications and cells report, and that save() reads if they are set.
TOLD = {"Instance": ("metadata", "system_metadata")}

ONLY_IDENTIFIES = "Only identifies the row; save() writes the fields set below."

IDENTIFIES_AND_TELLS = (
    "Only identifies the row; with metadata set, save() loads it for the update notification."
)

#: A key of a row, its value, and the comments about them.
Pair = tuple[str, cst.BaseExpression, list[cst.Comment]]

#: The arguments of a call by parameter.
Given = dict[str, cst.BaseExpression]

_NO_FIELDS = frozenset(("context", "uuid", "row", "prune_stats"))


class WritingRule(RowRule):
    """The base of the rules for calls that write rows: new lines in the style of the tree."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: The dicts that are built before the call, by the site that takes them.
        self._built: dict[Site, cst.Dict | cst.Call] = {}
        #: The comments above and after the statements that build them.
        self._built_above: dict[Site, list[cst.Comment]] = {}
        self._built_behind: dict[Site, list[cst.Comment]] = {}
        self._stored: dict[Site, list[Pair]] = {}
        #: What fills the dicts, with the comments around it.
        self._folded: dict[Site, list[cst.CSTNode]] = {}
        self._lines: dict[cst.BaseSmallStatement, cst.SimpleStatementLine] = {}

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        self._lines.update(dict.fromkeys(node.body, node))

    def kept_for_call(
        self, part: Part, original: cst.Assign, updated: cst.Assign
    ) -> cst.RemovalSentinel:
        """Remove a statement that fills the call's dict, and keep its values for the call."""
        above, behind = self._around(original)
        if part.kind == "built":
            assert isinstance(updated.value, cst.Dict | cst.Call)
            self._built[part.site] = updated.value
            self._built_above[part.site], self._built_behind[part.site] = above, behind
        else:
            pairs = self._stored.setdefault(part.site, [])
            pairs.append((part.key, updated.value, [*above, *behind]))
        self._folded.setdefault(part.site, []).extend([*above, updated, *behind])
        self.moved([*above, *comments_in(original), *behind])
        return self.removed(original, self.item(part.site), part.site.evidence)

    def _around(self, original: cst.Assign) -> tuple[list[cst.Comment], list[cst.Comment]]:
        """The comments above and after a statement; none if something else of its line stays."""
        line = self._lines.get(original)
        parts = [self.part(one) for one in line.body] if line is not None else []
        if line is None or any(part is None or part.kind == "call" for part in parts):
            return [], []
        _, above = parted(line.leading_lines, is_top=False)
        return (
            comments_in(*above) if original is line.body[0] else [],
            comments_in(line.trailing_whitespace) if original is line.body[-1] else [],
        )

    def evaluated(
        self, site: Site, call: cst.Call
    ) -> tuple[list[cst.BaseStatement], Given, list[Pair]]:
        """The lines that have to be evaluated first, and the arguments and values that use them."""
        given, lines = bound(call, site.call.parameters), list[cst.BaseStatement]()
        pairs = list(self._pairs(site, call, given)) if site.values is not None else []
        for one in site.early:
            if isinstance(one.place, int):
                key, value, comments = pairs[one.place]
                pairs[one.place] = (key, cst.Name(one.name), comments)
            else:
                value, given[one.place] = given[one.place], cst.Name(one.name)
            lines.append(assignment(one.name, value))
        return lines, given, pairs

    def _pairs(self, site: Site, call: cst.Call, given: Given) -> Iterator[Pair]:
        """The keys and values in the order in which they are evaluated."""
        literal = self._built.get(site, given.get("values", given.get("**")))
        if _is_literal(literal):
            self._folded.setdefault(site, [literal])
            above = self._built_behind.get(site, [])
            pairs = (*pairs_with_comments(literal), *self._stored.get(site, ()))
            for number, (key, value, comments) in enumerate(pairs):
                yield key, value, comments if number else [*above, *comments]
            return
        notes = {key: comments for key, _, comments in pairs_with_comments(call)}
        others = ((key, value) for key, value in given.items() if key not in _NO_FIELDS)
        yield from ((key, value, notes.get(key, [])) for key, value in others)

    def headed(self, site: Site, first: cst.BaseStatement) -> cst.BaseStatement:
        """The first statement that a dict becomes, under the comments above the dict."""
        above = self._built_above.get(site, [])
        return under(first, [cst.EmptyLine(comment=one) for one in above], above=True)

    def ended(
        self, site: Site, last: cst.BaseStatement, lines: list[cst.BaseStatement]
    ) -> cst.BaseStatement:
        """The statement that writes the row, under the dict's comments that `lines` lack."""
        return under(last, lost_comments(self._folded.get(site, ()), lines))

    def id_of(
        self, row: cst.BaseExpression, original: cst.BaseExpression, name: str
    ) -> cst.BaseExpression:
        """The id of the row that a call is given: a row, an object, or a dict with only the id."""
        only = row.elements[0] if isinstance(row, cst.Dict) and len(row.elements) == 1 else None
        if isinstance(only, cst.DictElement) and literal_text(only.key) == "id":
            return only.value
        held = self.holding(original)
        is_one = held is not None and held.sure and held.name == name
        return attribute(row, "id") if is_one else subscript(row, "id")

    def context_arguments(self, name: str, context: cst.BaseExpression) -> list[cst.BaseExpression]:
        """The arguments of the object's save(): the context, or none if it carries its own."""
        return [context] if self.file.takes_context(name) else []

    def made(self, name: str, context: cst.BaseExpression | None) -> cst.Call:
        """The call that makes an empty object."""
        spelled = expression(self.file.tree.spelling(name)[0])
        if context is None or self.file.takes_context(name):
            return call(spelled)
        return call(spelled, context)

    def standing_for(
        self,
        site: Site,
        key: str,
        value: cst.BaseExpression,
        context: cst.BaseExpression,
    ) -> Iterator[cst.BaseStatement]:
        """The lines that make an object for the row with that id, without changes to save."""
        made = self.made(site.call.object, context)
        # save() reads the fields set here from the row again, and reports them with the update
        set_on = {key: value, **{name: cst.Dict([]) for name in TOLD.get(site.call.object, ())}}
        if self.file.tree.constructor_takes_fields:
            words = [arg(one, name) for name, one in set_on.items()]
            yield assignment(site.variable, made.with_changes(args=[*made.args, *words]))
        else:
            yield assignment(site.variable, made)
            for name, one in set_on.items():
                yield assignment(f"{site.variable}.{name}", one)
        reset = line(method(expression(site.variable), "obj_reset_changes"))
        is_told = site.call.object in TOLD
        yield noted(reset, IDENTIFIES_AND_TELLS if is_told else ONLY_IDENTIFIES)

    def set_field(self, site: Site, pair: Pair) -> cst.BaseStatement:
        """The line that sets one field; a dict that others may hold is copied."""
        key, value, comments = pair
        field = self.file.tree.field_type(site.call.object, key)
        if field.is_dict and not isinstance(value, cst.Dict):
            value = self.own(value, site)
        new = assignment(attribute(expression(site.variable), key), value)
        return under(new, [cst.EmptyLine(comment=one) for one in comments])

    def filled_from(self, site: Site, values: cst.BaseExpression) -> cst.BaseStatement:
        """The line that sets the object's fields from a dict that others may hold."""
        return line(method(expression(site.variable), "update", self.own(values, site)))

    def own(self, value: cst.BaseExpression, site: Site) -> cst.BaseExpression:
        """A dict as the call's object takes it."""
        return own_dict(self, site.call.object, value, self.item(site))

    def item(self, site: Site) -> Item:
        """The work item of a call."""
        return self.file.item_of(site.call.object)

    def wants_object(self, site: Site) -> None:
        """Record that the file needs the import of the object."""
        self.wants_import(self.file.tree.spelling(site.call.object)[1], self.item(site))


def own_dict(rule: RowRule, name: str, value: cst.BaseExpression, item: Item) -> cst.BaseExpression:
    """A dict as an object takes it: a copy, unless the object's fields copy it themselves."""
    if rule.file.copies_dicts(name):
        return value
    # an object turns the values of a dict field into strings in place
    rule.wants_import("import copy", item)
    return call("copy.deepcopy", argument(value))


def pairs_with_comments(literal: cst.Dict | cst.Call) -> Iterator[Pair]:
    """The keys and values of `{...}` or a call, each with its comments.

    Those are the comments above it, and after it on its line. The key of an argument
    without a keyword is empty.
    """
    entries, opening, closing = _entries(literal)
    above = comments_in(opening)
    for number, (key, value, comma) in enumerate(entries, 1):
        is_last = number == len(entries)
        gap = closing if is_last or not isinstance(comma, cst.Comma) else comma.whitespace_after
        lines = isinstance(gap, cst.ParenthesizedWhitespace)
        behind = comments_in(gap.first_line) if isinstance(gap, cst.ParenthesizedWhitespace) else []
        yield key, value, [*above, *behind]
        above = comments_in(*gap.empty_lines) if lines else []  # type: ignore[attr-defined]


def _is_literal(node: cst.BaseExpression | None) -> TypeGuard[cst.Dict | cst.Call]:
    """Whether this is `{...}` or `dict(...)`."""
    return node is not None and m.matches(node, m.Dict() | m.Call(m.Name("dict")))


_Comma = cst.Comma | cst.MaybeSentinel


def _entries(
    literal: cst.Dict | cst.Call,
) -> tuple[list[tuple[str, cst.BaseExpression, _Comma]], cst.CSTNode, cst.CSTNode]:
    """The keys, values and commas, and the nodes before the first and after the last."""
    found: list[tuple[str, cst.BaseExpression, _Comma]] = []
    if isinstance(literal, cst.Call):
        closing: cst.CSTNode = literal.whitespace_before_args
        for word in literal.args:
            name = word.keyword.value if word.keyword is not None else ""
            found.append((name, word.value, word.comma))
            end = word.comma
            closing = (
                end.whitespace_after if isinstance(end, cst.Comma) else word.whitespace_after_arg
            )
        return found, literal.whitespace_before_args, closing
    for element in literal.elements:
        assert isinstance(element, cst.DictElement)
        key = literal_text(element.key)
        assert key is not None
        found.append((key, element.value, element.comma))
    return found, literal.lbrace, literal.rbrace.whitespace_before
