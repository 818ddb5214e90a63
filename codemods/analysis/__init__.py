# SPDX-License-Identifier: Apache-2.0
"""Which object does an expression hold, on every path, and how do we know?"""
