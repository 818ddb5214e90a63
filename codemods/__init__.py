# SPDX-License-Identifier: Apache-2.0
"""Rewrite nova's conductor dict calls to calls on versioned objects."""

__version__ = "0.1.0"
