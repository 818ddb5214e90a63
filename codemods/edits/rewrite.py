"""From what the rules found in one file to its new bytes."""

from collections.abc import Iterable

from codemods.edits.apply import Conflict, splice
from codemods.edits.imports import NoPlace, with_imports, without_unused
from codemods.edits.layout import relaid
from codemods.edits.verify import Unsound, verify
from codemods.model import Edit, Failure, ImportChange
from codemods.syntax.source import Source, Unparsed, encode


def rewrite(
    source: Source, edits: Iterable[Edit], imports: Iterable[ImportChange]
) -> bytes | Failure:
    """Return the file's new bytes, in its own encoding and line endings.

    A `Failure` where the edits do not go together or the result is unsound;
    the file then stays as it is.
    """
    try:
        spliced = splice(source.text, edits)
        text = relaid(spliced.text, spliced.spans)
        text = with_imports(text, [change.line for change in imports])
        text = without_unused(text, source)
        verify(source, text)
    except (Conflict, NoPlace, Unparsed, Unsound) as error:
        return Failure(
            source.path,
            "verify",
            str(error),
            "the file is left as it is; rewrite it by hand, and report the pattern",
        )
    return encode(text, source.encoding, source.marked)
