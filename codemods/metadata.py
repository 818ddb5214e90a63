# SPDX-License-Identifier: Apache-2.0
"""What inference knows, for libcst visitors of anybody's: see `docs/architecture.md`."""

from codemods.rewriting.metadata import HoldsProvider, PartProvider, SiteProvider

__all__ = ["HoldsProvider", "PartProvider", "SiteProvider"]
