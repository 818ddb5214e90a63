# SPDX-License-Identifier: Apache-2.0
"""Follow values from the conductor through the tree, to a fixed point.

Each function is evaluated again for as long as something that it read has
changed, so the outcome does not depend on the order of the files.

`Inference` is made in layers, each a class in a file of its own: what is known
(`state`), what that wakes (`waking`), which files it leads to (`following`),
and the rounds of it all (`rounds`).
"""

from codemods.analysis.inference.rounds import Inference

__all__ = ["Inference"]
