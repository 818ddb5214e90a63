# SPDX-License-Identifier: Apache-2.0
"""The stages are the same however many processes look at the files."""

import dataclasses
from typing import Any

import pytest
import small_tree

from codemods import stages as stages_module
from codemods.analysis.inferring import inferred
from codemods.model import ITEMS, Stage

FILES = {path: text.encode() for path, text in small_tree.files().items()}


def stages(jobs: int) -> list[dict[str, Any]]:
    """The stages of the small tree."""
    found: list[Stage] = stages_module.stages(inferred(FILES), ITEMS, jobs)
    return [vars(dataclasses.replace(one)) for one in found]


def test_shared_between_processes(monkeypatch: pytest.MonkeyPatch):
    alone = stages(1)
    assert any(one["edits"] for one in alone)
    monkeypatch.setattr(stages_module, "SMALL", 0)
    assert stages(2) == alone


def test_little_is_not_shared(monkeypatch: pytest.MonkeyPatch):
    asked = []
    real = stages_module.forked_map

    def noting(function: Any, items: Any, jobs: int, *more: Any) -> Any:
        asked.append(jobs)
        return real(function, items, jobs, *more)

    monkeypatch.setattr(stages_module, "forked_map", noting)
    stages(2)
    assert set(asked) == {1}
