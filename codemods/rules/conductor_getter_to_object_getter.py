"""Replace a conductor call that reads rows by the object's class method.

Both end in the same function of the database API with the same arguments, and
raise the same exceptions; what comes back is the object, or the list object,
of the same rows. Where the conductor works with an elevated context the new
call is given one.
"""

import ast
from collections.abc import Iterator

from codemods.mappings import conductor_calls
from codemods.model import Item
from codemods.rules.base import ConductorSite, Example, FileContext, Finding, LeftAlone, Rule
from codemods.rules.writing import operand

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
""",
        """\
from nova import objects


class Reader(object):

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
""",
    ),
    LeftAlone(
        """\
from nova import db


def read(context, host):
    return db.service_get_by_compute_host(context, host)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def read(context, host, topic):
    capi = conductor.API()
    return capi.service_get_by_host_and_topic(context, host, topic)
""",
        because="call.result-shape",
    ),
)


_SAID, _SAYS = b"via the conductor API", "as an object"


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every call that reads, or why it stays."""
    for site in context.sites():
        item = context.item_of(site.call.object)
        if site.call.kind not in ("get", "list") or item not in context.converted:
            continue
        if site.left is not None:
            yield context.declined(site.node, item, site.left.code, site.evidence, site.left.detail)
        elif _is_not_there(context, site):
            detail = f"{site.call.object}, which object-fields adds"
            yield context.declined(site.node, item, "call.no-object", site.evidence, detail)
        else:
            yield from _replaced(context, site)
    yield from _handed_on(context)


def _handed_on(context: FileContext) -> Iterator[Finding]:
    """A method of the conductor that is no call but a value, so its calls are elsewhere."""
    known = conductor_calls()
    for node in context.nodes.get(ast.Attribute, []):
        for value, evidence in context.values(node).items():
            if value.kind != "method" or value.name not in known:
                continue
            parent = context.source.parent(node)
            called = isinstance(parent, ast.Call) and parent.func is node
            item = context.item_of(known[value.name].object)
            if not called and item in context.converted and not is_local_alias(parent):
                yield context.declined(node, item, "call.bound-method", evidence)


def is_local_alias(node: ast.AST) -> bool:
    """Whether the statement gives what it holds another name, whose calls are seen."""
    return (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
    )


def _is_not_there(context: FileContext, site: ConductorSite) -> bool:
    """Whether the object is one that the tree is only given by an item that is not asked for."""
    added = context.tree.is_added(site.call.object)
    return added and Item.OBJECT_FIELDS not in context.converted


def _replaced(context: FileContext, site: ConductorSite) -> Iterator[Finding]:
    assert site.call.call is not None
    assert site.arguments is not None
    item = context.item_of(site.call.object)
    name, _, method = site.call.call.partition(".")
    spelled, line = context.tree.spelling(name)
    yield context.replace(site.node.func, f"{spelled}.{method}", item, site.evidence)
    yield context.wants_import(line, item)
    yield from _docstring(context, site)
    if site.call.elevated:
        given = site.arguments["context"]
        if not _is_elevated(given):
            text = f"{operand(given, context.text(given))}.elevated()"
            yield context.replace(given, text, item, site.evidence)


def _docstring(context: FileContext, site: ConductorSite) -> Iterator[Finding]:
    """A docstring that says how the row is fetched is to stay true."""
    function = context.function(site.node)
    body = function.node.body if function is not None else None
    first = body[0] if isinstance(body, list) else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return
    start = context.source.text.find(_SAID, context.source.start(first), context.source.end(first))
    if start >= 0:
        item = context.item_of(site.call.object)
        yield context.replace_range(start, start + len(_SAID), _SAYS, item, site.evidence)


def _is_elevated(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("elevated", "get_admin_context")
    return isinstance(node, ast.Name) and node.id in ("elevated", "admin_context")


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
