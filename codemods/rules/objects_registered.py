"""Register the objects in the commands that start a service and did not do so.

`objects.Service` exists only once the objects are registered, and every
service now reads its own record through it. The call is put behind the one
that reads the configuration, as the other commands have it.
"""

from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

EXAMPLES = (
    Example(
        """\
import sys

from nova import config
from nova import service
from nova import utils


def main():
    config.parse_args(sys.argv)
    utils.monkey_patch()
    server = service.Service.create(binary='nova-cert', topic='cert')
    service.serve(server)
    service.wait()
""",
        """\
import sys

from nova import config
from nova import objects
from nova import service
from nova import utils


def main():
    config.parse_args(sys.argv)
    objects.register_all()
    utils.monkey_patch()
    server = service.Service.create(binary='nova-cert', topic='cert')
    service.serve(server)
    service.wait()
""",
        path="nova/cmd/cert.py",
    ),
    LeftAlone(
        """\
from nova import config


def main():
    config.parse_args([])
""",
        path="nova/cmd/other.py",
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edit of a command that starts a service without the objects."""
    if Item.SERVICE not in context.converted or not context.tree.has_registry:
        return
    if not context.path.startswith(f"{context.tree.package}/cmd/"):
        return
    if b"register_all" in context.source.text:
        return
    package = context.tree.package
    names = {context.module.dotted_name(call.func): call for call in context.calls()}
    if f"{package}.service.Service.create" not in names:
        return
    parsed = names.get(f"{package}.config.parse_args")
    if parsed is None:
        return
    statement = context.source.statement(parsed)
    assert statement.end_lineno is not None
    start = context.source.line_start(statement.end_lineno + 1)
    indent = context.source.indent(statement)
    text = f"{indent}objects.register_all(){context.source.newline}"
    evidence = (context.step(statement, "the command starts a service"),)
    yield context.replace_range(start, start, text, Item.SERVICE, evidence)
    yield context.wants_import(f"from {package} import objects", Item.SERVICE)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, own_objects=True)
