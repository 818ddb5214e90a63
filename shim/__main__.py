# SPDX-License-Identifier: Apache-2.0
"""``python -m shim``."""

from shim.cli import main

main(prog_name="shim")
