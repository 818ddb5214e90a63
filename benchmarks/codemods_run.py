# SPDX-License-Identifier: Apache-2.0
"""Measure `codemods run` beside what it could be compared with, on the same files.

    pip install --group bench -e .    # pip 25.1 or newer
    python benchmarks/codemods_run.py --tree TREE --runs 3

CPU seconds are user and system time of a process and of those it waited for;
the peak is that of the largest one (`os.wait4`), never less than this script's own, some 50 MB,
which the system counts to what it starts. Figures are medians, except that the libcst codemod,
which takes minutes, runs once. Only the ratios carry over to another machine.

Without `--tree` the tree is written here: a handful of calls of the conductor among plain modules.

The tree of many copies is the tree with copies below the same package. Code goes to `nova/z_copy1`,
and so on, and imports its own copy. What the tool tells apart by place stays in place: unit tests
go to `nova/tests/z_copy1`, commands, the conductor, the database and the objects likewise.
Imports of the last three are left alone, so all the copies call one conductor, and so are imports
of what the rules import, which would clash with a copy of it. What the tool knows of the tree by
name it is told of each copy. The names sort last because the first file that defines
an object is taken for the tree's own.
"""

import dataclasses
import importlib.resources
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import click
from libcst_rename import RENAMED
from rich.console import Console
from rich.table import Table

PACKAGE = "nova"
BINARIES = pathlib.Path(sys.executable).parent
HERE = pathlib.Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024

Command = list[str | pathlib.Path]

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

READ = (
    "import pathlib, sys\n"
    "print(sum(len(path.read_bytes()) for path in pathlib.Path(sys.argv[1]).rglob('*.py')))\n"
)
CODEMOD_CONFIG = f'formatter: []\nmodules: ["{HERE.name}"]\nrepo_root: "."\n'

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


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a command cost: CPU and wall seconds, peak memory in bytes."""

    cpu: float
    wall: float
    peak: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.peak, other.peak))


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the table; `met` is None where there is no aim."""

    what: str
    cost: Cost
    ratio: str = ""
    aim: str = ""
    met: bool | None = None


def measure(
    command: Command,
    statuses: tuple[int, ...] = (0,),
    cwd: pathlib.Path | None = None,
) -> Cost:
    """Run a command, its output dropped. Raises `ClickException` on another exit status."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, cwd=cwd, env=environment
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        # the process is waited for already, Popen must not try again
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in statuses:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            raise click.ClickException(f"{command[0]}: exit status {child.returncode}\n{said}")
    # Linux counts in KiB, macOS in bytes
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit)


def codemods(tree: pathlib.Path, patches: pathlib.Path, *options: str | pathlib.Path) -> Cost:
    """Write the series of `tree` to `patches`, which is emptied before."""
    shutil.rmtree(patches, ignore_errors=True)
    command = [BINARIES / "codemods", "run", tree, "--patches", patches, *options]
    # 4: files that the tool cannot parse are counted as they are
    return measure(command, statuses=(0, 4))


def ast_grep(tree: pathlib.Path) -> Cost:
    """Look for the calls of `RENAMED`, one run for each, and print their rewrites."""
    total = Cost(0.0, 0.0, 0)
    for old, new in RENAMED.items():
        command: Command = [BINARIES / "ast-grep", "run", "--lang", "python", "--threads", "1"]
        command += ["--no-ignore", "vcs", "--pattern", f"$A.{old}($$$B)"]
        command += ["--rewrite", f"$A.{new}($$$B)", tree / PACKAGE]
        total += measure(command)
    return total


def libcst_codemod(tree: pathlib.Path) -> Cost:
    """Rename the calls of `RENAMED` in a copy of the tree; nothing is formatted."""
    with tempfile.TemporaryDirectory() as work:
        copy = pathlib.Path(work)
        shutil.copytree(tree / PACKAGE, copy / PACKAGE)
        (copy / ".libcst.codemod.yaml").write_text(CODEMOD_CONFIG)
        command: Command = [sys.executable, "-m", "libcst.tool", "codemod"]
        command += ["libcst_rename.RenameConductorCalls", "--jobs", "1", "--no-format"]
        # 1: files that libcst cannot parse stay counted
        return measure([*command, "--hide-progress", PACKAGE], statuses=(0, 1), cwd=copy)


def read_all(tree: pathlib.Path) -> Cost:
    """Read the bytes of the package's Python files, the start of Python included."""
    return measure([sys.executable, "-c", READ, tree / PACKAGE])


def start_up() -> Cost:
    """Start the tool, and stop it again."""
    return measure([BINARIES / "codemods", "--version"])


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


def changed_files(patches: pathlib.Path) -> int:
    """How many files the series in `patches` changes."""
    found: set[bytes] = set()
    for patch in patches.glob("*.patch"):
        found |= set(re.findall(rb"^diff --git (\S+)", patch.read_bytes(), re.MULTILINE))
    return len(found)


def median(costs: list[Cost]) -> Cost:
    """The medians of the seconds, and the largest peak."""
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
        max(cost.peak for cost in costs),
    )


def measure_all(
    tree: pathlib.Path, work: pathlib.Path, runs: int, console: Console
) -> dict[str, Cost]:
    """The cost of each of the measured things by a short name, from the trees below `work`.

    They take turns, so that a busy spell of the machine falls on all of them.
    """
    turns: dict[str, Callable[[], Cost]] = {
        "one": lambda: codemods(tree, work / "series"),
        "two jobs": lambda: codemods(tree, work / "series of two jobs", "--jobs", "2"),
        "ast-grep": lambda: ast_grep(tree),
        "read": lambda: read_all(tree),
        "start": start_up,
        "copies": lambda: codemods(
            work / "copies", work / "series of copies", "--assume", work / "copies.toml"
        ),
        "idle": lambda: codemods(work / "idle", work / "series of nothing"),
        "read idle": lambda: read_all(work / "idle"),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in turns}
    for number in range(runs):
        for name, turn in turns.items():
            console.print(f"run {number + 1} of {runs}: {name}", highlight=False)
            costs[name].append(turn())
    console.print("once: libcst", highlight=False)
    return {name: median(found) for name, found in costs.items()} | {"libcst": libcst_codemod(tree)}


def compared(costs: dict[str, Cost], copies: int, changed: tuple[int, int]) -> list[Line]:
    """The lines of the table, with what each is worth against `codemods run`."""
    one, two, libcst, grep = (costs[name] for name in ("one", "two jobs", "libcst", "ast-grep"))
    read, many, idle = costs["read"], costs["copies"], costs["idle"]
    peak, growth, most = one.peak / MEGABYTE, many.cpu / one.cpu, copies * 1.1
    ahead, behind = libcst.cpu / one.cpu, one.cpu / grep.cpu
    return [
        Line("a  codemods run, 1 job", one, "", "peak < 400 MB", peak < 400),
        Line(
            "a  codemods run, 2 jobs",
            two,
            f"wall {two.wall / one.wall:.2f} of 1 job",
            "wall < 1",
            two.wall < one.wall,
        ),
        Line("b  libcst, two renames", libcst, f"{ahead:.1f} x a", ">= 50 x a", ahead >= 50),
        Line("c  ast-grep, two renames", grep, f"a is {behind:.2f} x c", "a <= 2 x c", behind <= 2),
        Line("d  read the bytes", read, f"a is {one.cpu / read.cpu:.0f} x d"),
        Line("   codemods --version", costs["start"]),
        Line(
            f"e  codemods run, {copies} copies",
            many,
            f"{growth:.2f} x a; changes {changed[1]} files, one {changed[0]}",
            f"<= {most:.0f} x a",
            growth <= most,
        ),
        Line("f  codemods run, nothing to do", idle, f"{idle.cpu / costs['read idle'].cpu:.1f} x"),
        Line("f  read the bytes of that", costs["read idle"]),
    ]


def report(lines: list[Line], console: Console) -> None:
    """Print the one table."""
    table = Table(title="codemods run, side by side")
    table.add_column("measured")
    for name in ("CPU s", "wall s", "peak MB"):
        table.add_column(name, justify="right")
    for name in ("ratio", "aim", "met"):
        table.add_column(name)
    for line in lines:
        cost = line.cost
        figures = (f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak / MEGABYTE:.0f}")
        met = "" if line.met is None else ("yes" if line.met else "no")
        table.add_row(line.what, *figures, line.ratio, line.aim, met)
    console.print(table)


@click.command()
@click.option("--tree", type=click.Path(exists=True, file_okay=False, path_type=pathlib.Path))
@click.option("--runs", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--copies", type=click.IntRange(min=2), default=10, show_default=True)
@click.option("--modules", type=click.IntRange(min=1), default=1200, show_default=True)
@click.option("--functions", type=click.IntRange(min=1), default=30, show_default=True)
def main(tree: pathlib.Path | None, runs: int, copies: int, modules: int, functions: int) -> None:
    """Measure `codemods run` on TREE, or on a tree of so many plain MODULES and FUNCTIONS in each.

    The tree with nothing to do always has these sizes.
    """
    if tree is not None and not (tree / PACKAGE / "__init__.py").is_file():
        raise click.BadParameter(f"{tree}: {PACKAGE}/__init__.py is missing", param_hint="--tree")
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        one = tree or write_tree(work / "one", modules, functions, calls=True)
        write_tree(work / "idle", modules, functions, calls=False)
        copy_tree(one, work / "copies", copies)
        (work / "copies.toml").write_text(own_facts(copies))
        costs = measure_all(one, work, runs, Console(stderr=True))
        changed = (changed_files(work / "series"), changed_files(work / "series of copies"))
    report(compared(costs, copies, changed), Console())


if __name__ == "__main__":
    main()
