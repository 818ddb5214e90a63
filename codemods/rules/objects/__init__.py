"""The rules that give the tree the objects and fields that it lacks."""

from codemods.rewriting.rule import Rule
from codemods.rules.objects.devices_column_converted import DevicesColumnConverted
from codemods.rules.objects.object_fields_added import ObjectFieldsAdded
from codemods.rules.objects.objects_added import ObjectsAdded
from codemods.rules.objects.version_text_kept import VersionTextKept

RULES: tuple[type[Rule], ...] = (
    DevicesColumnConverted,
    ObjectFieldsAdded,
    ObjectsAdded,
    VersionTextKept,
)
