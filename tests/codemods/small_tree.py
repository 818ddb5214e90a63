# SPDX-License-Identifier: Apache-2.0
"""The small tree of the examples, by the name that the tests know it by."""

from codemods.testing.small_tree import *  # noqa: F403
