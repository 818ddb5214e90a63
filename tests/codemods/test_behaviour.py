# SPDX-License-Identifier: Apache-2.0
"""Generated methods do the same after the rewrite as before, over the example's database.

Each method is a few lines picked at random. All of them are rewritten in one
run, and executed in the example's tree before and after: what they return or
raise, and the rows that they leave, must be the same, unless a place in the
method is listed as left, or the method needs what no object can do.
"""

import json
import pathlib
import random
import shutil
import subprocess
import sys

import pytest

from codemods.config import Config
from codemods.engine import run

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"
PATH = "nova/compute/generated.py"
SEEDS = 6

HEAD = '''\
"""Generated."""

import copy

from nova import conductor
'''

#: Each method has a class of its own, or the attributes of one would be those of all.
CLASS = """

class Generated{number}(object):

    def __init__(self):
        self.conductor_api = conductor.API()
        self.kept = None
        self.all = {{}}

    def host_of(self, row):
        return row['host']

    def fetch(self, context):
        return self.conductor_api.service_get_by_compute_host(context,
                                                              'host1')

    def method(self, context, unknown, flag):
        {body}
"""

#: Lines of methods: `s`, `t` are rows or dicts, `l` is a list, `d` a dict, `v` anything else.
LINES = [
    "s = self.conductor_api.service_get_by_compute_host(context, 'host1')",
    "s = self.conductor_api.service_get_by_compute_host(context, 'host1')",
    "t = self.conductor_api.service_get_by_args(context, 'host2', 'b')",
    "s = self.fetch(context)",
    "s = {'id': 1, 'host': 'dict', 'topic': 't', 'report_count': 7}",
    "s = unknown",
    "t = s",
    "s, t = t, s",
    "if flag:\n    s = unknown",
    "if not flag:\n    s = {'id': 1, 'host': 'dict', 'topic': None}",
    "s = s or unknown",
    "s = s if flag else unknown",
    "s = copy.deepcopy(s)",
    "s = copy.copy(s)",
    "d = {'a': s, 'b': t}",
    "d = {}",
    "d['a'] = s",
    "s = d['a']",
    "s = d.get('a', unknown)",
    "for k, s in sorted(d.items()):\n    v = (k, s['host'])",
    "l = self.conductor_api.service_get_all_by_topic(context, 'compute')",
    "l = [s, t]",
    "l = [s, unknown]",
    "s = l[0]",
    "t = l[-1]",
    "for s in l:\n    v = s['host']",
    "for t in l:\n    v = t.get('topic')",
    "v = [s['topic'] for s in l]",
    "v = [x['host'] for x in l if x['id'] > 1]",
    "v = len(l) + len([] + list(l))",
    "self.kept = s",
    "s = self.kept",
    "self.all['x'] = s",
    "s = self.all['x']",
    "v = s['host'], (t)['host']",
    "v = s.get('topic')",
    "v = s.get('topic', 'x')",
    "s['topic'] = 'written'",
    "s['report_count'] += 1",
    "v = s['report_count'], t['report_count']",
    "v = '%(host)s' % s",
    "v = dict(s)['host']",
    "v = s.copy()['host']",
    "v = dict(s, host='x')['host']",
    "v = 'host' in s",
    "v = s == t",
    "v = s is t",
    "v = bool(s)",
    "v = self.host_of(s)",
    "v = self.host_of(unknown)",
    "v = self.host_of(row=t)",
    "v = list(map(self.host_of, [s, t]))",
    "f = lambda s: s['host']; v = f(unknown)",
    "f = lambda: s['host']; v = f()",
    "def inner():\n    return s['host']\nv = inner()",
    "def inner(s):\n    return s['host']\nv = inner(unknown)",
    "try:\n    v = s['host']\nexcept KeyError as s:\n    v = 'error'",
    "s = self.conductor_api.service_update(context, s, {'report_count': 5})",
    "t = self.conductor_api.service_update(context, s, {'topic': v})",
    "self.conductor_api.service_update(context, s, {'disabled': flag})",
    "values = {'report_count': 3}\nself.conductor_api.service_update(context, s, values)",
    "values = {}\nvalues['topic'] = v\ns = self.conductor_api.service_update(\n"
    "    context, s, values)",
    "v = self.conductor_api.service_update(context, s, {'report_count': 9})['host']",
    "s = self.conductor_api.service_create(context, {'host': 'new', 'topic': 'n'})",
    "values = {'host': 'made', 'report_count': 2}\n"
    "t = self.conductor_api.service_create(context, values)\nv = values",
    "t = self.conductor_api.service_create(context, {'host': 'short', 'topic': v})\n"
    "self.conductor_api.service_destroy(context, t['id'])",
    "if flag: self.conductor_api.service_update(context, t, {'topic': 'one line'})",
    "nodes = s['compute_node']\nv = [node['hypervisor_hostname'] for node in nodes]",
    "v = [node['id'] for node in s['compute_node']]",
]

DRIVER = """\
import copy, json, sys
from nova import db, objects
from nova.compute import generated
objects.register_all()

def shown(value):
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if isinstance(value, (str, int, bool, type(None))):
        return value
    try:
        return {'host': value['host'], 'topic': value.get('topic')}
    except Exception as error:
        return type(value).__name__

def once(name, flag):
    db.reset()
    for number in (1, 2):
        db.service_create(None, {'host': 'host%d' % number, 'topic': 'compute', 'binary': 'b'})
        db.compute_node_create(None, {'service_id': number, 'hypervisor_hostname': 'n'})
    unknown = {'id': 2, 'host': 'unknown', 'topic': 'u', 'report_count': 1}
    try:
        result = shown(getattr(generated, name)().method(None, unknown, flag))
    except KeyError as error:
        # not every row comes with the nodes of its service; every object has them
        result = 'no nodes' if error.args == ('compute_node',) else 'raised'
    except Exception:
        # None has neither keys nor attributes, and says so in different words
        result = 'raised'
    return [result, copy.deepcopy(db.TABLES)]

names = sorted(name for name in vars(generated) if name.startswith('Generated'))
print(json.dumps({n: [once(n, True), once(n, False)] for n in names}, sort_keys=True))
"""


def classes(seed: int, count: int) -> list[str]:
    """The texts of `count` classes."""
    picked = random.Random(seed)
    found = []
    for number in range(count):
        lines = ["s = t = self.fetch(context)", "l = [s]", "d = {'a': t}", "v = None"]
        lines += picked.sample(LINES, picked.randint(1, 6))
        lines.append("return v, s, t")
        body = "\n".join(lines).replace("\n", "\n        ")
        found.append(CLASS.format(number=number, body=body))
    return found


def executed(root: pathlib.Path) -> dict[str, list[list[object]]]:
    """What each of the methods returns or raises, and the rows that it leaves."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", DRIVER], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[list[object]]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("seed", range(SEEDS))
def test_generated_methods_do_the_same(seed: int, tmp_path: pathlib.Path):
    tree = tmp_path / "tree"
    shutil.copytree(EXAMPLE, tree, ignore=shutil.ignore_patterns("__pycache__"))
    texts = classes(seed, 60)
    (tree / PATH).write_text(HEAD + "".join(texts))
    before = executed(tree)
    result = run(Config(tree))
    assert result.failures == ()
    listed = {one.line for one in result.declined if one.path == PATH}
    for change in result.changes:
        (tree / change.path).write_bytes(change.after)
    rewritten = (tree / PATH).read_text()
    after = executed(tree)
    line, checked, different = HEAD.count("\n"), 0, []
    for number, text in enumerate(texts):
        lines = set(range(line + 1, line + text.count("\n") + 1))
        line += text.count("\n")
        name = f"Generated{number}"
        if lines & listed or any(one[0] == "no nodes" for one in before[name]):
            continue
        checked += 1
        if before[name] != after[name]:
            new = rewritten.partition(f"class {name}(")[2].partition("\n\n\n")[0]
            was, now = (
                [one if old != new else one[:1] for one in both]
                for both, old, new in (
                    (before[name], before[name][0][1], after[name][0][1]),
                    (after[name], before[name][0][1], after[name][0][1]),
                )
            )
            different.append(f"{text}\n{new}\n{was}\n{now}")
    assert checked > 10, "most of what is generated is only listed"
    assert not different, f"{len(different)} of {checked} differ:\n" + "\n".join(different[:3])
