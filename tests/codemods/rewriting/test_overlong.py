# SPDX-License-Identifier: Apache-2.0
"""Lines that could not be kept under 80 columns are told, and no others."""

import json
import pathlib

import jsonschema
import pytest
from rich.console import Console
from tables import PATH, in_method, outcome

from codemods.outputs.report import report, schema
from codemods.outputs.series import series
from codemods.outputs.summary import print_summary
from codemods.rewriting.overlong import overlong

FITS, OVER, LONGER = "a" * 79, "b" * 80, "c" * 90

CASES = {
    "nothing is over": ([FITS], [FITS, FITS], []),
    "a line is new": ([FITS], [FITS, OVER], [(2, 80)]),
    "a line was there before": ([OVER], [FITS, OVER], []),
    "a line is there twice now": ([OVER], [OVER, OVER], [(2, 80)]),
    "a line became longer": ([OVER], [LONGER], [(1, 90)]),
    "a line became shorter, and is over still": ([LONGER], [OVER], []),
    "a line is as long as one that is gone": ([OVER], ["d" * 80], []),
    "one of two takes the place of what is gone": ([LONGER], [OVER, "d" * 81], [(2, 81)]),
    "characters count, and not bytes": ([], ["\u00e9" * 79, "\u00e9" * 80], [(2, 80)]),
    "a tab is as wide as it looks": ([], ["\t" + "a" * 71, " \t" + "b" * 72], [(2, 80)]),
    "a file is new": ([], [OVER], [(1, 80)]),
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", CASES)
def test_overlong_lines(name: str, ending: str):
    before, after, expected = CASES[name]
    texts = ["".join(f"{line}{ending}" for line in lines).encode() for lines in (before, after)]
    assert [(one.line, one.columns) for one in overlong("a.py", *texts)] == expected


#: The indentation of the lines of a function, each deeper than the one before.
TABS = {
    "as eight spaces": ["\t", "\t    ", "\t\t", "\t\t    ", "\t\t\t"],
    "only": ["\t" * number for number in range(2, 6)],
}


@pytest.mark.parametrize("name", TABS)
def test_what_is_indented_by_tabs_is_kept_short(name: str, tmp_path: pathlib.Path):
    *around, last = TABS[name]
    call = "self.conductor_api.instance_update(context, uuid, task_state=values)"
    lines = [*(f"{one}if values:" for one in around), f"{last}{call}"]
    text = in_method("pass\n") + "\n    def odd(self, context, uuid, values):\n" + "\n".join(lines)
    found = outcome(tmp_path, f"{text}\n")
    assert f"{last}instance.task_state = values\n" in found.text
    assert max(len(line.expandtabs()) for line in found.text.splitlines()) < 80
    assert found.result.overlong == ()


def test_what_is_deeper_than_80_columns_is_told(tmp_path: pathlib.Path):
    depth = "".join(f"{' ' * 8 * number}if values:\n" for number in range(9))
    call = f"{' ' * 8 * 9}self.conductor_api.instance_update(context, host, vm_state=values)\n"
    found = outcome(tmp_path, in_method(depth + call))
    assert found.failures == ()
    assert "instance.vm_state = values" in found.text
    assert found.result.overlong != ()


NAME = "A_NAME_OF_SEVENTY_COLUMNS" + "_" * 45
UPDATE = """
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {'report_count':
"""


def test_reader_is_told_of_a_line_that_cannot_be_kept_short(tmp_path: pathlib.Path):
    text = in_method(UPDATE) + f"{NAME}}})\n"
    assert max(map(len, text.splitlines())) < 80
    found = outcome(tmp_path, text)
    (one,) = found.result.overlong
    assert one.path == PATH
    line = found.text.splitlines()[one.line - 1]
    assert NAME in line
    assert len(line) == one.columns

    told = report(found.result)
    jsonschema.validate(json.loads(json.dumps(told)), schema())
    assert told["overlong"] == [{"path": PATH, "line": one.line, "columns": one.columns}]
    console = Console(record=True, width=200)
    print_summary(found.result, console)
    said = f"over 79 columns: {PATH}:{one.line} has {one.columns} once rewritten"
    assert said in console.export_text()
    cover = dict(series(found.result))["0000-cover-letter.txt"].decode()
    assert f"  {PATH}:{one.line} {one.columns} columns\n" in cover


def test_nothing_is_told_where_the_tool_only_left_what_was_over(tmp_path: pathlib.Path):
    long = f"name = '{'x' * 90}'\n"
    found = outcome(tmp_path, in_method(UPDATE.partition("self.conductor_api.service_u")[0] + long))
    assert found.edits
    assert found.result.overlong == ()
