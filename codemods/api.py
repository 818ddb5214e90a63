# SPDX-License-Identifier: Apache-2.0
"""All that rules of one's own may count on; docs/own-rules.md tells how.

What is not named here may change with any release.
"""

from codemods.analysis.facts import Held, Holding, Site
from codemods.metadata import HoldsProvider, PartProvider, SiteProvider
from codemods.model import Evidence, Item, NewFile, Step
from codemods.rewriting import nodes
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
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
