# SPDX-License-Identifier: Apache-2.0
"""Rewriting with libcst: islands of a file become trees, rules make nodes, bytes come out."""
