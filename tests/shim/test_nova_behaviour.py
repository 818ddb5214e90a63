# SPDX-License-Identifier: Apache-2.0
"""What objects and dict calls do, against what nova 2014.2 does on the same rows.

``data/behaviour.json`` is what nova did. With NOVA_TREE and NOVA_PYTHON27 it is asked again;
``SHIM_TEST_RECORD`` writes the file anew.
"""

import json
import os
import pathlib
from collections.abc import Mapping
from typing import Any

import behaviour_probes as probes
import deployment
import object_probes
from test_nova_peers import Nova

from shim import context, objects
from shim.context import RequestContext

RECORDED = pathlib.Path(__file__).parent / "data" / "behaviour.json"
#: Where the shim does something else, and why; shim/README.md says it.
DIFFERENT: Mapping[str, str] = {
    "fault: create without": "nova wants every field set",
    "flavor: create of what is there": "nova names what the database happens to look at first",
    "flavor: projects": "nova takes what it has just read for changes",
    "instance: create makes the project's default group": "that is the API's, with its quotas",
    "instance: refused": "every refusal is a ValueError",
    "node: refused": "every refusal is a ValueError",
    "requests: of an instance without a row": "nova stores nothing and does not say so",
    "service: create of what is there": "nova names what the database happens to look at first",
    "service: no topic": "nova raises TypeError from within",
    "Instance._from_db_object of metadata without a value": "nova cannot read such an instance",
    "InstanceList.get_by_filters, by nonesuch": "nova raises AttributeError from within",
    "list.get": "nova takes the name for an index and raises TypeError",
    "instance_info_cache_update of one that is gone": "nova stores nothing and does not say so",
}


def _comparable(value: Any) -> Any:
    """The answer with its rows of metadata in one order."""
    if isinstance(value, dict):
        return {name: _comparable(item) for name, item in value.items()}
    if isinstance(value, list):
        found = [_comparable(item) for item in value]
        are_rows = all(isinstance(item, dict) and {"id", "key"} <= set(item) for item in found)
        return sorted(found, key=json.dumps) if are_rows else found
    return value


def test_what_is_done_is_what_nova_does(
    filled: pathlib.Path, ctx: RequestContext, dict_api: Any
) -> None:
    expected = json.loads(RECORDED.read_text())
    row = dict_api.instance_get_by_uuid(ctx, probes.INSTANCE)
    there = {
        **probes.of_earlier_dicts(dict_api, ctx),
        **probes.of_objects(objects, ctx, row),
        **object_probes.of_all(objects, ctx, context.get_admin_context),
    }
    with deployment.restoring(filled) as restore:
        found = probes.outcomes(there, str(filled), restore)
    found = json.loads(json.dumps(found))
    assert set(found) == set(expected)
    differing = {}
    for name, answer in expected.items():
        ours, novas = (_comparable(each) for each in (found[name], answer))
        if ours != novas:
            differing[name] = list(deployment.places(ours, novas))
    surprises = [
        name + place
        for name, places in differing.items()
        if name not in DIFFERENT
        for place in places
    ]
    assert not surprises, "\n".join(surprises)
    assert set(differing) == set(DIFFERENT)


def test_nova_does_what_was_recorded(filled: pathlib.Path, tmp_path: pathlib.Path) -> None:
    nova = Nova(tmp_path)
    config = f"[database]\nconnection = sqlite:///{filled}\n"
    found = nova.run("behaviour", config, str(filled))
    if os.environ.get("SHIM_TEST_RECORD"):
        RECORDED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(RECORDED.read_text())
