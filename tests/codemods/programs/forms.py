# SPDX-License-Identifier: Apache-2.0
"""The statements of which programs are made, by feature: what `statements/*.txt` say.

After a line `=== feature` stand its forms, with `---` between them. In `<...>` stands what is
filled in:

    <service>, <node>, <text>, ...   an expression of that kind: a variable, or one of EXPRESSIONS
    <fresh service>                  the same, but no variable
    <stored service>                 one that the form changes in the database
    <new service>                    a name to which this form gives a value of that kind
    <same service>                   the name that `<new service>` was, before
    <turned text service>            that of `<same text>`, which is a service's from here on
    <row>, <new row>                 a row of any kind, and a name for one of the same kind
    <dict row>                       a literal with the keys of such a row
    <key>, <word>                    a key of the row, and one whose value is text
    <name>, <name2>, <Name>          names of this form's own, each the same wherever it stands
    <attribute service>              an attribute of the class that holds that kind
    <block>                          more statements; `<block service node>` in a function whose
                                     parameters are called so, `<closure>` in one that sees the
                                     variables around it
    <Class>                          the class into which `@override` goes

After a line `@place` follows what the form needs there: `@method` of the same class, `@module`
before the class, `@elsewhere` in a module of functions, `@override` in a subclass of the class in
another file, `@import`.
"""

import dataclasses
import pathlib
import re


def _read() -> dict[str, tuple[str, ...]]:
    found = {}
    for file in sorted(pathlib.Path(__file__).with_name("statements").glob("*.txt")):
        _, *pieces = re.split(r"^=== (\w+)\n", file.read_text(), flags=re.MULTILINE)
        for feature, text in zip(pieces[::2], pieces[1::2], strict=True):
            found[feature] = tuple(one.strip("\n") for one in text.split("---\n"))
    return found


#: The forms of each feature.
FORMS = _read()


@dataclasses.dataclass(frozen=True)
class Handle:
    """How a class reaches the conductor: what stands before it, in it, and in its methods."""

    expression: str
    in_class: str = ""
    module: str = ""


HANDLES = {
    "handle": Handle(
        "self.conductor_api",
        "def __init__(self):\n    self.conductor_api = conductor.API()",
    ),
    "handle_inline": Handle("conductor.API()"),
    "handle_global": Handle("CAPI", module="CAPI = conductor.API()"),
    "handle_name": Handle(
        "self.capi", "def __init__(self, api=None):\n    self.capi = api or conductor.API()"
    ),
    "handle_class": Handle("self.api", "api = conductor.API()"),
    "handle_property": Handle(
        "self.conductor_api",
        "@property\ndef conductor_api(self):\n    return conductor.API()",
    ),
    "handle_lazy": Handle(
        "self._api()",
        "_capi = None\n\n"
        "def _api(self):\n"
        "    if self._capi is None:\n"
        "        self._capi = conductor.API()\n"
        "    return self._capi",
    ),
    "handle_method": Handle("self._api()", "def _api(self):\n    return conductor.API()"),
    "handle_module": Handle(
        "self.conductor.API()",
        "def __init__(self):\n    self.conductor = conductor",
    ),
}
