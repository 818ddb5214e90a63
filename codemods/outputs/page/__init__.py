# SPDX-License-Identifier: Apache-2.0
"""A page for the reviewer of a series: one file that opens from disk."""
