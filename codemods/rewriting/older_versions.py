"""The lines with which an object makes older versions of itself."""

from collections.abc import Iterator

import libcst as cst

from codemods.analysis.object_changes import HoldingOlder, Lacking
from codemods.rewriting.nodes import expression, method, statements, string

_METHOD = """\
def obj_make_compatible(self, primitive, target_version):
    target_version = {version}
"""

_ABOVE = """\
super({owner}, self).obj_make_compatible(primitive, target_version)
"""

_CONVERTED = {
    "utils.convert_version_to_tuple": "utils.convert_version_to_tuple(target_version)",
    "tuple": "tuple(int(part) for part in target_version.split('.'))",
}

_WITHOUT_ONE = """\
if {version} < {limit}:
    {primitive}.pop({field}, None)
"""

_WITHOUT_MANY = """\
if {version} < {limit}:
    for field in {fields}:
        {primitive}.pop(field, None)
"""

_OLDER = """\
if {version} < {limit} and {holds}:
    self.{name}.obj_make_compatible({primitive}[{field}]['nova_object.data'], {held})
    {primitive}[{field}]['nova_object.version'] = {held}
"""


def older_versions(change: Lacking) -> list[cst.BaseStatement]:
    """The lines that make an older version without fields, or with an older object in them."""
    return list(_holding(change) if isinstance(change, HoldingOlder) else _lacking(change))


def method_for_older_versions(change: Lacking) -> cst.FunctionDef:
    """The method with these lines, for a class that has none."""
    (new,) = statements(_METHOD, version=expression(_CONVERTED[change.conversion]))
    assert isinstance(new, cst.FunctionDef)
    above = statements(_ABOVE, owner=cst.Name(change.owner)) if change.owner else []
    body = [*above, *new.body.body, *older_versions(change)]
    return new.with_changes(body=new.body.with_changes(body=body))


def _lacking(change: Lacking) -> Iterator[cst.BaseStatement]:
    """The lines that make an older version without the fields."""
    names = [string(name) for name in change.fields]
    if len(names) == 1:
        yield from statements(_WITHOUT_ONE, field=names[0], **_common(change))
    else:
        listed = cst.Tuple([cst.Element(name) for name in names])
        yield from statements(_WITHOUT_MANY, fields=listed, **_common(change))


def _holding(change: HoldingOlder) -> Iterator[cst.BaseStatement]:
    """The lines that make an older version hold an older object."""
    primitive = cst.Name(change.primitive)
    for name in change.fields:
        field = string(name)
        holds: cst.BaseExpression = cst.Comparison(
            field, [cst.ComparisonTarget(cst.In(), primitive)]
        )
        if name in change.nullable:
            holds = method(primitive, "get", field)
        yield from statements(
            _OLDER,
            name=cst.Name(name),
            field=field,
            holds=holds,
            held=string(change.held),
            **_common(change),
        )


def _common(change: Lacking) -> dict[str, cst.BaseExpression]:
    limit = [cst.Element(cst.Integer(str(number))) for number in change.limit]
    return {
        "version": cst.Name(change.version),
        "primitive": cst.Name(change.primitive),
        "limit": cst.Tuple(limit),
    }
