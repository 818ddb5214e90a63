"""Check a rewritten file before anybody sees it."""

import builtins

from codemods.syntax.names import names_of
from codemods.syntax.source import Source, Unparsed, reparsed

_BUILTINS = frozenset(dir(builtins)) | {
    "basestring",
    "buffer",
    "cmp",
    "execfile",
    "file",
    "intern",
    "long",
    "raw_input",
    "reduce",
    "reload",
    "unichr",
    "unicode",
    "xrange",
    "__file__",
    "__name__",
    "__path__",
}


class Unsound(Exception):
    """The rewritten file is not what it should be; says why."""


def verify(before: Source, after: bytes) -> Source:
    """Return the rewritten file parsed; raises `Unsound`.

    It must parse, and read no name that it does not bind unless it did so
    before.
    """
    try:
        source = reparsed(after)
    except Unparsed as error:
        raise Unsound(f"the rewritten file does not parse: {error}") from None
    unbound = _unbound(source)
    unbound = unbound - _unbound(before) if unbound else unbound
    if unbound:
        raise Unsound(f"the rewritten file uses a name that nothing binds: {min(unbound)}")
    return source


def _unbound(source: Source) -> frozenset[str]:
    names = names_of(source)
    return frozenset() if names.has_star else names.read - names.bound - _BUILTINS
