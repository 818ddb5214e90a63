# SPDX-License-Identifier: Apache-2.0
"""Where the lines of a statement end: its text, where it may be broken, and how it is."""
