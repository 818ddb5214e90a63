# SPDX-License-Identifier: Apache-2.0
"""A page for whoever reviews a series: one file that opens from disk."""
