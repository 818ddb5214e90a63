# SPDX-License-Identifier: Apache-2.0
"""What inference knows, for your own libcst visitors: see `docs/architecture.md`."""

from codemods.rewriting.metadata import HoldsProvider, PartProvider, SiteProvider

__all__ = ["HoldsProvider", "PartProvider", "SiteProvider"]
