# SPDX-License-Identifier: Apache-2.0
"""What machines read of a run: SARIF, GitHub's annotations, the report's places."""

import json
import os
import pathlib
import re
import subprocess

import jsonschema
import pytest
import small_tree
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from codemods.outputs.report import report, schema
from codemods.outputs.sarif import sarif

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"
CALLER = "nova/compute/example.py"
#: The schema as OASIS publishes it, sarif-schema-2.1.0.json.
SARIF_SCHEMA = os.environ.get("SARIF_SCHEMA", "")


@pytest.fixture(scope="module")
def result() -> RunResult:
    return run(Config(EXAMPLE))


@pytest.mark.skipif(not SARIF_SCHEMA, reason="SARIF_SCHEMA names no published schema")
def test_the_sarif_is_what_the_published_schema_says(result: RunResult, tree: SmallTree):
    published = json.loads(pathlib.Path(SARIF_SCHEMA).read_text())
    published["id"] = pathlib.Path(SARIF_SCHEMA).as_uri()
    tree.put("nova/compute/broken.py", "# conductor_api.service_get_all\ndef f(:\n")
    empty = tree.root.parent / "empty"
    (empty / "nova").mkdir(parents=True)
    (empty / "nova" / "__init__.py").write_text("")
    for one in (result, run(Config(tree.root)), run(Config(empty))):
        found = sarif(one)
        jsonschema.Draft4Validator(published).validate(found)
    found["version"] = "1.0"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(published).validate(found)


def test_the_sarif_has_all_edits_and_all_that_was_left(result: RunResult):
    (found,) = sarif(result)["runs"]
    edits = sum(len(patch.edits) for patch in result.patches)
    levels = [one["level"] for one in found["results"]]
    assert levels.count("note") == edits
    assert levels.count("warning") == len(result.declined) + len(result.needs_person)
    rules = {one["id"]: one for one in found["tool"]["driver"]["rules"]}
    assert {one["ruleId"] for one in found["results"]} == set(rules)
    assert all(one["help"]["text"] for one in rules.values())
    flows = [one for one in found["results"] if one.get("codeFlows")]
    assert len(flows) > len(found["results"]) / 2


def replaced(text: str, replacements: list[dict[str, dict[str, int]]]) -> str:
    """A text with replacements of whole lines made in it."""
    lines = text.splitlines(keepends=True)
    for one in sorted(replacements, key=lambda one: -one["deletedRegion"]["startLine"]):
        region = one["deletedRegion"]
        assert region["startColumn"] == region["endColumn"] == 1
        start, end = region["startLine"] - 1, region["endLine"] - 1
        lines[start:end] = [str(one["insertedContent"]["text"])]
    return "".join(lines)


def test_all_fixes_of_a_file_make_what_the_run_makes_of_it(result: RunResult):
    (found,) = sarif(result)["runs"]
    by_path: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for one in found["results"]:
        for fix in one.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            known = by_path.setdefault(change["artifactLocation"]["uri"], {})
            known |= {json.dumps(each): each for each in change["replacements"]}
    tracker = "nova/virt/host.py"
    (change,) = [one for one in result.changes if one.path == tracker]
    assert change.before is not None
    made = replaced(change.before.decode(), list(by_path[tracker].values()))
    # an import belongs to no edit's place
    without = re.compile(r"^from nova.*\n", re.M)
    assert without.sub("", made) == without.sub("", change.after.decode())


def test_the_report_says_where_what_stood_there_and_what_was_made_of_it(tree: SmallTree):
    text = small_tree.CALLER.replace('"""Whoever', 'NAME = "é"; x = 1\n"""Whoever')
    line = "        return service['host']"
    text = text.replace(line, f"        'é', service['host']\n{line}")
    tree.put(CALLER, text)
    data = report(run(Config(tree.root)), commit="abc")
    jsonschema.validate(data, schema())
    lines = text.splitlines()
    seen = set()
    for one in data["edits"]:
        if one["line"] != one["end_line"]:
            continue
        found = lines[one["line"] - 1][one["column"] - 1 : one["end_column"] - 1]
        assert found == one["before"]
        seen.add((one["before"], one["after"]))
    assert ("service['host']", "service.host") in seen
    assert data["commit"] == "abc"
    assert data["tool"]["version"]


def test_the_report_names_the_commit_of_a_checkout(tree: SmallTree, tmp_path: pathlib.Path):
    path = tmp_path / "report.json"
    tree.run("--report", str(path))
    assert json.loads(path.read_text())["commit"] is None
    tree.commit()
    tree.run("--report", str(path))
    assert json.loads(path.read_text())["commit"] == tree.git("rev-parse", "HEAD").stdout.strip()


def test_sarif_goes_to_a_file(tree: SmallTree, tmp_path: pathlib.Path):
    path = tmp_path / "run.sarif"
    assert tree.run("--sarif", str(path)).returncode == 0
    assert json.loads(path.read_text())["version"] == "2.1.0"
    assert tree.run("--sarif", str(tmp_path / "none" / "run.sarif")).returncode == 4


def test_annotations_for_github(tmp_path: pathlib.Path):
    top = SmallTree(tmp_path / "top")
    tree = SmallTree(top.root / "in,ner")
    for path, text in small_tree.files().items():
        tree.put(path, text)
    tree.put("nova/compute/broken.py", "# conductor_api.service_get_all\ndef f(:\n")
    top.commit()
    done = subprocess.run(tree.command("--format", "github"), capture_output=True, text=True)
    lines = done.stdout.splitlines()
    result = run(Config(tree.root))
    kinds = [re.match(r"::(\w+) ", line)[1] for line in lines]  # type: ignore[index]
    assert kinds.count("notice") == sum(len(patch.edits) for patch in result.patches)
    assert kinds.count("warning") == len(result.declined)
    assert kinds.count("error") == 1
    where = re.compile(r"^::\w+ file=in%2Cner/nova/[\w/]+\.py(,line=\d+)?,title=[\w.-]+::.+$")
    assert all(where.match(line) for line in lines)
