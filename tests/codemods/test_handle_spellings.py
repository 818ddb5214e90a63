# SPDX-License-Identifier: Apache-2.0
"""A file that reaches the conductor in any spelling is looked at, by the whole run."""

import pytest
import small_tree

from codemods.config import Config
from codemods.engine import run

SPELLINGS = {
    "the package": ("from nova import conductor", "conductor.API()"),
    "the package under another name": ("from nova import conductor as cond", "cond.API()"),
    "the package by its whole name": ("import nova.conductor", "nova.conductor.API()"),
    "the module under its usual name": (
        "from nova.conductor import api as conductor_api",
        "conductor_api.LocalAPI()",
    ),
    "the module under its own name": ("from nova.conductor import api", "api.LocalAPI()"),
    "the module through the package": ("from nova import conductor", "conductor.api.LocalAPI()"),
    "the class": ("from nova.conductor.api import LocalAPI", "LocalAPI()"),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_the_call_is_rewritten(tmp_path, name):
    line, made = SPELLINGS[name]
    text = (
        f"{line}\n\n\n"
        "def read(context, host):\n"
        f"    service = {made}.service_get_by_compute_host(context, host)\n"
        "    return service['id']\n"
    )
    for path, content in {**small_tree.files(), "nova/compute/example.py": text}.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    after = {change.path: change.after.decode() for change in run(Config(tmp_path)).changes}
    assert after["nova/compute/example.py"] == (
        "from nova import objects\n\n\n"
        "def read(context, host):\n"
        "    service = objects.Service.get_by_compute_host(context, host)\n"
        "    return service.id\n"
    )
