# SPDX-License-Identifier: Apache-2.0
"""The outputs of a run; everything here is made from one RunResult."""
