# SPDX-License-Identifier: Apache-2.0
"""Evaluate one function, or a module's own statements: what do its expressions hold?

`Evaluator` is made in layers, each a class in a file of its own that knows those
below it: what is read and noted (`base`), containers and columns (`elements`,
`methods`), names and attributes (`names`), what goes into parameters
(`arguments`), calls (`calls`), and statements (`statements`).
"""

from codemods.analysis.evaluator.statements import Evaluator
from codemods.analysis.evaluator.unit import Unit

__all__ = ["Evaluator", "Unit"]
