# SPDX-License-Identifier: Apache-2.0
"""Rewriting with libcst: parse the islands of a file, let the rules make nodes, print bytes."""
