# SPDX-License-Identifier: Apache-2.0
"""What a fork of nova that knows racks adds to nova-objects-codemods."""

import pathlib

MAPPINGS = pathlib.Path(__file__).with_name("racks.toml")
