# SPDX-License-Identifier: Apache-2.0
"""Keys that rows have, and fields that no row has anything under."""

import pathlib

import pytest
import small_tree
from tables import Outcome, in_method, outcome

#: A service with a field that is no column of its table.
SERVICE = {
    "nova/objects/service.py": small_tree.SERVICE.replace(
        "        'host': fields",
        "        'availability_zone': fields.StringField(),\n        'host': fields",
    )
}
MODELS = {
    "nova/db/sqlalchemy/models.py": """\
class Service(object):
    id = Column(Integer)
    host = Column(String(255))
    zone_column
"""
}
READ = "service = self.conductor_api.service_get_by_compute_host(context, host)\n"

NOT_THERE = [
    pytest.param("return service.get('availability_zone')", id="get"),
    pytest.param("return service.get('availability_zone', 'nova')", id="get with a default"),
    pytest.param("return service['availability_zone']", id="subscript"),
    pytest.param("return 'availability_zone' in service", id="in"),
]


def _outcome(root: pathlib.Path, last: str, column: str | None = None) -> Outcome:
    beside = dict(SERVICE)
    if column is not None:
        beside |= {name: text.replace("zone_column", column) for name, text in MODELS.items()}
    found = outcome(root, in_method(f"{READ}{last}\n"), beside=beside)
    assert found.failures == ()
    return found


@pytest.mark.parametrize("column", [None, "topic = Column(String(255))"])
@pytest.mark.parametrize("last", NOT_THERE)
def test_call_stays_where_the_row_has_no_such_key(
    last: str, column: str | None, tmp_path: pathlib.Path
):
    found = _outcome(tmp_path, last, column)
    assert "conductor_getter_to_object_getter" not in found.rules
    assert "row.escapes" in found.codes


@pytest.mark.parametrize("last", NOT_THERE)
def test_a_column_of_that_name_is_read(last: str, tmp_path: pathlib.Path):
    found = _outcome(tmp_path, last, "availability_zone = Column(String(255))")
    assert "conductor_getter_to_object_getter" in found.rules


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("return service.get('host')", id="get"),
        pytest.param("return service['host']", id="subscript"),
        pytest.param("return 'host' in service", id="in"),
        pytest.param("service['availability_zone'] = host", id="stored"),
    ],
)
@pytest.mark.parametrize("column", [None, "topic = Column(String(255))"])
def test_other_keys_are_read(last: str, column: str | None, tmp_path: pathlib.Path):
    assert "conductor_getter_to_object_getter" in _outcome(tmp_path, last, column).rules
