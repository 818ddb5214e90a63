# SPDX-License-Identifier: Apache-2.0
"""docs/objects.md says what a row answers and what an object does; here both are asked."""

import copy
import datetime
import json
import pathlib
import re
from typing import Any

import pytest

from shim import context, objects

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "objects.md"
ROWS = re.findall(r"^\| `(.+?)` \| `?(.+?)`? \| `?(.+?)`? \| .+ \|$", PAGE.read_text(), re.M)


def row() -> dict[str, Any]:
    """A service as the conductor gave it."""
    return {
        "id": 1,
        "host": "a",
        "binary": "nova-compute",
        "topic": "compute",
        "report_count": 0,
        "disabled": False,
        "deleted": 0,
        "created_at": "2014-10-16T12:00:00.000000",
        "updated_at": None,
        "compute_node": [],
    }


def service(ctx: context.RequestContext) -> objects.Service:
    """The object of that row, as the database's reader leaves it."""
    values = {key: value for key, value in row().items() if key != "compute_node"}
    times = {"created_at": datetime.datetime(2014, 10, 16, 12), "deleted": False}
    made = objects.Service(ctx, **{**values, **times})
    made.obj_reset_changes()
    return made


def answer(expression: str, x: Any) -> set[str]:
    """What it gives, or the names of the exception."""
    try:
        return {repr(eval(expression, {"x": x, "copy": copy, "json": json}))}
    except Exception as error:
        return {one.__name__ for one in type(error).__mro__}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("expression", "of_row", "of_object"), ROWS)
def test_what_the_page_says(
    expression: str, of_row: str, of_object: str, ctx: context.RequestContext
):
    assert of_row in answer(expression, row())
    assert of_object in answer(expression, service(ctx))


def test_the_page_has_its_rows():
    assert len(ROWS) == PAGE.read_text().count("\n| `") >= 20
