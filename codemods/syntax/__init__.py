# SPDX-License-Identifier: Apache-2.0
"""Python source as bytes with a tree over them: parsing, positions, rendering."""
