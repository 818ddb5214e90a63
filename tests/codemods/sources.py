# SPDX-License-Identifier: Apache-2.0
"""Sources that several tables of cases stand on, and how a case changes one of them."""

import older_tree

#: Beside a case: the older tree in the place of the small one.
OLDER: dict[str, str | None] = {"nova/": None, **older_tree.files()}

#: Beside a case: a tree that has no objects of its own, so that the shim's are used.
WITHOUT_OBJECTS: dict[str, str | None] = {"nova/objects/": None}

READER_PATH = "nova/compute/reader.py"

#: Code that fills a column for which the small tree's compute node has no field.
FILLER = """\
from nova import conductor


class Filler(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        values['pci_stats'] = '[]'
        return self.conductor_api.compute_node_create(context, values)
"""

#: Code that keeps a row of a service, and reads it.
ROW_KEEPER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        self.row = self.conductor_api.service_get_by_compute_host(context, host)
        return self.row['host']
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each pair's first part, which is there once, replaced by its second."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{text.count(old)} times in the text: {old}"
        text = text.replace(old, new)
    return text


def crlf(text: str) -> str:
    """The text with the line endings of Windows."""
    return text.replace("\n", "\r\n")
