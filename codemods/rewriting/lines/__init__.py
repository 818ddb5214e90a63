# SPDX-License-Identifier: Apache-2.0
"""Break the lines of a statement: its text, where lines may end, and where they do."""
