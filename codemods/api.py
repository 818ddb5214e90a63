# SPDX-License-Identifier: Apache-2.0
"""The public API for your own rules; docs/own-rules.md shows how to use it.

Anything that is not named here may change in any release.
"""

from codemods.analysis.facts import Held, Holding, Site
from codemods.model import Evidence, Item, NewFile, Step
from codemods.rewriting import nodes
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider, PartProvider, SiteProvider
from codemods.rules.code.base import CodeRule
from codemods.rules.objects.base import ObjectRule
from codemods.rules.tests.base import TestRule
from codemods.testing import wrong

__all__ = [
    "CodeRule",
    "Effect",
    "Evidence",
    "Example",
    "Held",
    "Holding",
    "HoldsProvider",
    "Item",
    "LeftAlone",
    "NewFile",
    "ObjectRule",
    "PartProvider",
    "Site",
    "SiteProvider",
    "Step",
    "TestRule",
    "nodes",
    "wrong",
]
