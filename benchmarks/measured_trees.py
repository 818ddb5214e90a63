# SPDX-License-Identifier: Apache-2.0
"""The trees that `codemods_run.py` measures on.

The tree of many copies is the tree with copies below the same package. Code goes to `nova/z_copy1`,
and so on, and imports its own copy. What the tool tells apart by place stays in place: unit tests
go to `nova/tests/z_copy1`, commands, the conductor, the database and the objects likewise.
Imports of the last three are left alone, so all the copies call one conductor, and so are imports
of what the rules import, which would clash with a copy of it. What the tool knows of the tree by
name it is told of each copy. The names sort last because the first file that defines
an object is taken for the tree's own.
"""

import importlib.resources
import pathlib
import re

PACKAGE = "nova"

#: Where a copy stays below the directory that it is in.
IN_PLACE = ("cmd", "conductor", "db", "objects", "tests")
#: What all the copies import from the tree itself: what they call, and what the rules import.
SHARED = (
    "conductor",
    "db",
    "exception",
    "objects",
    "tests import fake_instance",
    "tests.objects",
)

_SERVICE = """from nova import conductor


class Service(object):
    def __init__(self, host, binary):
        self.host = host
        self.binary = binary
        self.conductor_api = conductor.API()

    def start(self, ctxt):
        service_ref = self.conductor_api.service_get_by_args(ctxt, self.host, self.binary)
        self.service_id = service_ref['id']
        print "started %s" % service_ref['host']
"""
_TRACKER = """from nova import conductor


class ResourceTracker(object):
    def __init__(self):
        self.compute_node = None
        self.conductor_api = conductor.API()

    def find(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        self.compute_node = service['compute_node'][0]

    def report(self, context, values):
        self.compute_node = self.conductor_api.compute_node_update(
            context, self.compute_node, values)
        return self.compute_node['id'], self.compute_node.get('vcpus')

    def finish(self, context, migration):
        self.conductor_api.migration_update(context, migration, 'finished')
"""
_OBJECT = """from nova.objects import base
from nova.objects import fields


class {name}(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.4'

    fields = {{
        'id': fields.IntegerField(read_only=True),
        'host': fields.StringField(nullable=True),
        'vcpus': fields.IntegerField(),
        'status': fields.StringField(nullable=True),
    }}

    @base.remotable_classmethod
    def get_by_args(cls, context, host, binary):
        pass

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        pass

    @base.remotable
    def save(self, context):
        pass
"""
_BASE = """class NovaObject(object):
    def __init__(self, context=None, **kwargs):
        setattr(objects, 'x', self)

    def __getitem__(self, name):
        return getattr(self, name)
"""
_PLAIN = '''
def measure_{n}(context, values, limit={n}):
    """Add up the values that are below the limit."""
    total = 0
    for name, value in sorted(values.iteritems()):
        if value is None or value > limit:
            continue
        total += value * {n}
        context.notes['%s_{n}' % name] = "seen %d" % total
    return {{'total': total, 'limit': limit, 'names': [n for n in values]}}
'''


def write_tree(root: pathlib.Path, modules: int, functions: int, calls: bool) -> pathlib.Path:
    """Write a tree of plain modules, with the conductor's calls if `calls`."""
    files = {"__init__.py": ""}
    for number in range(modules):
        folder = f"plain{number // 50}"
        files[f"{folder}/__init__.py"] = ""
        body = "".join(_PLAIN.format(n=n) for n in range(number, number + functions))
        head = f"import os\n\nfrom {PACKAGE} import {folder}\n"
        files[f"{folder}/module{number}.py"] = head + body
    if calls:
        names = {"service": "Service", "compute_node": "ComputeNode", "migration": "Migration"}
        files |= {f"objects/{file}.py": _OBJECT.format(name=name) for file, name in names.items()}
        files |= {f"{name}/__init__.py": "" for name in ("objects", "conductor", "compute")}
        files |= {"objects/base.py": _BASE, "service.py": _SERVICE}
        files["compute/resource_tracker.py"] = _TRACKER
    for path, text in files.items():
        (root / PACKAGE / path).parent.mkdir(parents=True, exist_ok=True)
        (root / PACKAGE / path).write_text(text)
    return root


def copy_tree(tree: pathlib.Path, root: pathlib.Path, copies: int) -> pathlib.Path:
    """Write to `root` the tree as it is, and `copies - 1` copies below its package."""
    top = tree / PACKAGE
    for source in sorted(top.rglob("*.py")):
        head, *rest = source.relative_to(top).parts
        data = source.read_bytes()
        for number in range(copies):
            name = f"z_copy{number}"
            copy = [head, name, *rest] if rest and head in IN_PLACE else [name, head, *rest]
            place = root.joinpath(PACKAGE, *(copy if number else (head, *rest)))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(own_imports(data, name) if number else data)
    return root


def own_imports(data: bytes, name: str) -> bytes:
    """The bytes of a module with its imports turned to the copy called `name`."""

    def turned(match: "re.Match[bytes]") -> bytes:
        package, between, head = match.groups()
        if head.decode() in SHARED:
            return match[0]
        if head.decode() not in IN_PLACE:
            return b"%s.%s%s%s" % (package, name.encode(), between, head)
        return match[0] + b"." + name.encode() if between == b"." else match[0]

    shared = "|".join(map(re.escape, SHARED))
    pattern = rf"(?<![\w.])({PACKAGE})(\.| import )((?:{shared})\b|\w+)"
    return re.sub(pattern.encode(), turned, data)


def own_facts(copies: int) -> str:
    """What the tool assumes of the tree, said of each of its copies too."""
    shipped = importlib.resources.files("codemods.mappings").joinpath("nova.toml")
    text = shipped.read_text(encoding="utf-8")
    return "".join(text.replace(f'"{PACKAGE}.', f'"{PACKAGE}.z_copy{n}.') for n in range(1, copies))
