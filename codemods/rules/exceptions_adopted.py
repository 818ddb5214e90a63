"""Let the shim's objects raise the exceptions that the tree's code catches.

The conductor's methods raised the classes of the tree's own exception module,
and handlers anywhere may catch them. The shim has its own classes of the same
names; told so, it raises what is an instance of both. Not needed where the
objects are the tree's own.
"""

from collections.abc import Iterator

from codemods.model import ITEMS, ImportChange, Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""

_BESIDE = (
    ("nova/compute/reader.py", _READER),
    ("nova/objects/", None),
)

EXAMPLES = (
    Example(
        """\
class NovaException(Exception):
    pass


class ComputeHostNotFound(NovaException):
    pass
""",
        """\
from shim import exception as shim_exception


class NovaException(Exception):
    pass


class ComputeHostNotFound(NovaException):
    pass


# what the objects raise is what the code around them catches
shim_exception.adopt(globals())
""",
        path="nova/exception.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from shim import exception as shim_exception


class NovaException(Exception):
    pass


# what the objects raise is what the code around them catches
shim_exception.adopt(globals())
""",
        path="nova/exception.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edit of the exception module, once any file uses the shim's objects."""
    tree = context.tree
    if tree.is_own or context.path != f"{tree.package}/exception.py":
        return
    if b"shim_exception.adopt(" in context.source.text:
        return
    item = _first_use(context)
    if item is None:
        return
    text = context.source.text
    newline = context.source.newline
    gap = newline * 2 if text.endswith(b"\n") else newline * 3
    comment = "# what the objects raise is what the code around them catches"
    call = "shim_exception.adopt(globals())"
    evidence = (context.step(context.source.tree, "the objects come from the shim"),)
    end = len(text)
    yield context.replace_range(end, end, f"{gap}{comment}{newline}{call}{newline}", item, evidence)
    yield context.wants_import("from shim import exception as shim_exception", item)


def _first_use(context: FileContext) -> Item | None:
    """The first item in which some file imports the shim's objects."""
    items = {
        finding.item
        for other in context.all_contexts()
        for finding in other.findings
        if isinstance(finding, ImportChange) and finding.line.startswith("from shim")
    }
    return min(items, key=ITEMS.index) if items else None


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
