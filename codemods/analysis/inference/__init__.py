# SPDX-License-Identifier: Apache-2.0
"""Follow values from the conductor through the tree, to a fixed point.

Each function is evaluated again as long as something that it read has changed,
so the outcome does not depend on the order of the files.

`Inference` is built in layers, each a class in its own file: what is known
(`state`), what has to be evaluated for it (`waking`), which files have to be
loaded for it (`following`), and the loop around it all (`rounds`).
"""

from codemods.analysis.inference.rounds import Inference

__all__ = ["Inference"]
