# SPDX-License-Identifier: Apache-2.0
"""The modules of a tree: what they import, define and inherit.

A module is parsed when it is first asked for, so that unused modules cost
nothing.
"""

from codemods.analysis.project.definitions import Class, Function
from codemods.analysis.project.module import Module
from codemods.analysis.project.project import Parsed, Project

__all__ = ["Class", "Function", "Module", "Parsed", "Project"]
