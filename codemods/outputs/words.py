"""What the patches say of themselves."""

from codemods.mappings import ItemNote, filled, item_notes, item_words
from codemods.model import Patch


def subject(patch: Patch) -> str:
    """The one line that says what the patch does."""
    return item_words(patch.item.value)[0]


def body(patch: Patch) -> str:
    """What a reviewer must know of this patch."""
    text = item_words(patch.item.value, patch.wordings)[1]
    notes = [note for note in item_notes(patch.item.value) if _applies(note, patch)]
    for note in notes:
        text = filled(note.kept) if note.kept else f"{text}\n{filled(note.text)}"
    return text


def _applies(note: ItemNote, patch: Patch) -> bool:
    if note.creates:
        return any(
            change.before is None and change.path.endswith(f"/{note.creates}")
            for change in patch.changes
        )
    texts = [edit.text for edit in patch.edits if edit.rule == note.rule]
    if note.lacks:
        return bool(texts) and not any(note.lacks in text for text in texts)
    return any(note.has in text for text in texts)
