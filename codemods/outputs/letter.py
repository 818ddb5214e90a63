# SPDX-License-Identifier: Apache-2.0
"""What surrounds the text of a patch: its author, and its trailers."""

import dataclasses
import email.utils
import hashlib
import pathlib
import re

from codemods import __version__
from codemods.model import Item
from codemods.outputs.git import asked

TOOL = "nova-objects-codemods <nova-objects-codemods@localhost>"
BLUEPRINT = "Partially implements blueprint make-resource-tracker-use-objects"

#: The header by which the tool recognizes its own mails.
HEADER = "X-Made-By: nova-objects-codemods"
SIGNATURE = f"nova-objects-codemods {__version__}"

_IDENTITY = re.compile(r"[^<>\n]+ <[^<>\s]+>")


@dataclasses.dataclass(frozen=True)
class Letter:
    """The author of the patches, as `Name <mail>`, and the trailers of their messages.

    `change_ids` asks for a `Change-Id` trailer, by which Gerrit recognizes a change.
    """

    author: str = TOOL
    trailers: tuple[str, ...] = (BLUEPRINT,)
    change_ids: bool = False

    @property
    def sender(self) -> str:
        """The author as in the header of a mail."""
        name, _, mail = self.author.removesuffix(">").rpartition(" <")
        return email.utils.formataddr((name, mail))

    def signed(self, subject: str, body: str, item: Item) -> str:
        """The whole message of a patch."""
        lines = list(self.trailers)
        if self.change_ids:
            lines.append(f"Change-Id: {self._change_id(item)}")
        return "\n".join([subject, "", body.rstrip("\n"), *([""] if lines else []), *lines, ""])

    def _change_id(self, item: Item) -> str:
        # the same for a later run, of another version of the tool or on another tree
        identity = "\0".join(["nova-objects-codemods", item.value, *self.trailers])
        return "I" + hashlib.sha1(identity.encode("utf-8")).hexdigest()


def is_identity(text: str) -> bool:
    """Whether a text has git's form of a person: Name <mail>."""
    return _IDENTITY.fullmatch(text) is not None


def configured_author(root: pathlib.Path) -> str:
    """The author that git's configuration in a tree names; the tool if there is none."""
    said = asked(root, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT") or ""
    identity = said.rpartition(">")[0] + ">"
    return identity if is_identity(identity) else TOOL


def is_own(content: bytes) -> bool:
    """Whether a file is a mail that the tool has made."""
    return HEADER.encode() in content.partition(b"\n\n")[0].split(b"\n")
