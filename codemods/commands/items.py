# SPDX-License-Identifier: Apache-2.0
"""One codemod for each work item."""

import argparse
from typing import ClassVar

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext

from codemods.commands.outcome import OutcomeProvider
from codemods.model import Item


class ItemCommand(CodemodCommand):
    """The base of all of them: look up what the item makes of the file."""

    OUTCOME: ClassVar[type[OutcomeProvider]]

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """The option of every item."""
        arg_parser.add_argument(
            "--hide-left",
            action="store_true",
            help="Do not warn of the places that are left as they are, and why.",
        )

    def __init__(self, context: CodemodContext, hide_left: bool = False) -> None:
        super().__init__(context)
        self._hide_left = hide_left

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The tree of the file's new bytes; the same tree if the item leaves it as it is."""
        outcome = self.get_metadata(self.OUTCOME, tree, None)
        if outcome is None:
            return tree
        for text in () if self._hide_left else outcome.warnings:
            self.warn(text)
        return tree if outcome.data is None else cst.parse_module(outcome.data)


class _ObjectFields(OutcomeProvider):
    ITEM = Item.OBJECT_FIELDS


class AddObjectFields(ItemCommand):
    """`codemods run --only object-fields`, for existing files."""

    DESCRIPTION = "Add the fields that the resource tracker fills and the tree's objects lack."
    OUTCOME = _ObjectFields
    METADATA_DEPENDENCIES = (_ObjectFields,)


class _Flavor(OutcomeProvider):
    ITEM = Item.FLAVOR


class UseFlavorObject(ItemCommand):
    """`codemods run --only flavor`."""

    DESCRIPTION = "Use the Flavor object instead of the conductor."
    OUTCOME = _Flavor
    METADATA_DEPENDENCIES = (_Flavor,)


class _Service(OutcomeProvider):
    ITEM = Item.SERVICE


class UseServiceObject(ItemCommand):
    """`codemods run --only service`."""

    DESCRIPTION = "Use the Service object instead of the conductor."
    OUTCOME = _Service
    METADATA_DEPENDENCIES = (_Service,)


class _Instance(OutcomeProvider):
    ITEM = Item.INSTANCE


class UseInstanceObject(ItemCommand):
    """`codemods run --only instance`."""

    DESCRIPTION = "Use the Instance object instead of the conductor."
    OUTCOME = _Instance
    METADATA_DEPENDENCIES = (_Instance,)


class _Migration(OutcomeProvider):
    ITEM = Item.MIGRATION


class UseMigrationObject(ItemCommand):
    """`codemods run --only migration`."""

    DESCRIPTION = "Use the Migration object instead of the conductor."
    OUTCOME = _Migration
    METADATA_DEPENDENCIES = (_Migration,)


class _ComputeNode(OutcomeProvider):
    ITEM = Item.COMPUTE_NODE


class UseComputeNodeObject(ItemCommand):
    """`codemods run --only compute-node`."""

    DESCRIPTION = "Use the ComputeNode object instead of the conductor."
    OUTCOME = _ComputeNode
    METADATA_DEPENDENCIES = (_ComputeNode,)


class _Conductor(OutcomeProvider):
    ITEM = Item.CONDUCTOR


class RemoveConductorHandles(ItemCommand):
    """`codemods run --only conductor`."""

    DESCRIPTION = "Remove the attributes that hold the conductor's API and that nobody reads."
    OUTCOME = _Conductor
    METADATA_DEPENDENCIES = (_Conductor,)
