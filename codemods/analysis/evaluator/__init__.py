# SPDX-License-Identifier: Apache-2.0
"""Find out what the expressions of a function, or of a module's own statements, may hold.

`Evaluator` is built in layers, each a class in its own file that knows those
below it: what is read and recorded (`base`), containers and columns (`elements`,
`methods`), names and attributes (`names`), what goes into parameters
(`arguments`), calls (`calls`), and statements (`statements`).
"""

from codemods.analysis.evaluator.statements import Evaluator
from codemods.analysis.evaluator.unit import Unit

__all__ = ["Evaluator", "Unit"]
