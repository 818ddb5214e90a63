# SPDX-License-Identifier: Apache-2.0
"""Where the text of a program goes on its way, and what a statement sees there."""

import dataclasses
import textwrap


class ClassText:
    """A class of the program on its way."""

    def __init__(self, name: str, file: "FileText", base: "ClassText | None" = None) -> None:
        self.name, self.file, self.base = name, file, base
        self.methods: list[str] = []
        self.attributes: dict[str, str] = {}

    def all_attributes(self) -> dict[str, str]:
        """Expressions by their kinds, those of the base included."""
        inherited = self.base.all_attributes() if self.base is not None else {}
        return {**inherited, **self.attributes}


class FileText:
    """A file of the program on its way."""

    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.functions: list[str] = []
        self.classes: list[ClassText] = []


@dataclasses.dataclass
class Scope:
    """What a statement sees: variables as (kind, name), the latest last."""

    file: FileText
    klass: ClassText | None
    api: str
    variables: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    is_nested: bool = False

    def inner(self, is_nested: bool = False) -> "Scope":
        """The scope of a block: what is bound in it is not seen after it."""
        return dataclasses.replace(
            self, variables=list(self.variables), is_nested=self.is_nested or is_nested
        )


def indented(lines: list[str]) -> list[str]:
    """The lines, each four columns further to the right."""
    return textwrap.indent("\n".join(lines), "    ").split("\n")
