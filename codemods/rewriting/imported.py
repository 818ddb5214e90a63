# SPDX-License-Identifier: Apache-2.0
"""What imports name, and nova's order of imports."""

import ast
import sys
from typing import NamedTuple

import libcst as cst
from libcst.helpers import get_full_name_for_node

# standard modules that Python 2 has under other names, and those that Python 3 has removed
_FORMER = """
    BaseHTTPServer Bastion CGIHTTPServer ConfigParser Cookie DocXMLRPCServer HTMLParser MimeWriter
    Queue SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO Tkinter UserDict UserList
    UserString __builtin__ aifc anydbm asynchat asyncore audioop binhex bsddb cPickle cStringIO cgi
    cgitb chunk commands compiler cookielib copy_reg crypt dbhash dircache distutils dumbdbm
    dummy_thread dummy_threading exceptions formatter fpformat future_builtins gdbm hotshot
    htmlentitydefs htmllib httplib ihooks imageop imghdr imp imputil lib2to3 mailcap md5 mhlib
    mimetools mimify msilib multifile mutex new nis nntplib ossaudiodev parser pipes popen2
    posixfile rexec rfc822 robotparser sets sgmllib sha smtpd sndhdr spwd statvfs strop sunau
    symbol telnetlib thread toaiff urllib2 urlparse user uu whichdb xdrlib xmllib xmlrpclib
"""
_STANDARD = frozenset(sys.stdlib_module_names) | frozenset(_FORMER.split())

#: A group of imports, and the place within it.
Rank = tuple[int, str]


class Imported(NamedTuple):
    """The full name that is imported, the local name, and what the local name is bound to.

    `import nova.objects` binds only `nova`. A relative import keeps its leading dots,
    and `*` stands for any name.
    """

    dotted: str
    local: str
    bound: str


def imports_of(statement: ast.stmt) -> list[Imported]:
    """What a statement imports; nothing if it is not an import."""
    if isinstance(statement, ast.ImportFrom):
        names = [(alias.name, alias.asname) for alias in statement.names]
        return _from(statement.level, statement.module, names)
    if isinstance(statement, ast.Import):
        return [_whole(alias.name, alias.asname) for alias in statement.names]
    return []


def import_in(line: str) -> Imported:
    """What a line with an import of one name imports."""
    return imports_of(ast.parse(line).body[0])[0]


def first_import(line: cst.SimpleStatementLine) -> Imported | None:
    """What the first name of the first import on a line imports, if there is one."""
    for statement in line.body:
        if isinstance(statement, cst.Import):
            return imported(statement, statement.names[0])
        if isinstance(statement, cst.ImportFrom):
            names = statement.names
            if not isinstance(names, cst.ImportStar):
                return imported(statement, names[0])
            return _from(*_source(statement), [("*", None)])[0]
    return None


def imported(statement: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> Imported:
    """What a name of an import statement imports."""
    name, local = alias.evaluated_name, alias.evaluated_alias
    if isinstance(statement, cst.Import):
        return _whole(name, local)
    return _from(*_source(statement), [(name, local)])[0]


def _source(statement: cst.ImportFrom) -> tuple[int, str | None]:
    module = statement.module
    return len(statement.relative), get_full_name_for_node(module) if module else None


def _from(level: int, module: str | None, names: list[tuple[str, str | None]]) -> list[Imported]:
    start = "." * level + (f"{module}." if module else "")
    return [Imported(start + name, local or name, start + name) for name, local in names]


def _whole(dotted: str, local: str | None) -> Imported:
    first = dotted.partition(".")[0]
    return Imported(dotted, local or first, dotted if local else first)


def rank(dotted: str, package: str) -> Rank:
    """Where nova wants an import: `__future__`, the standard library, others, `package`.

    Relative imports follow, then the shim, for a tree that has no objects. Within a
    group, full names are sorted regardless of case.
    """
    first = dotted.partition(".")[0]
    if first == "__future__":
        group = 0
    elif first == package:
        group = 3
    elif first == "shim":
        group = 5
    elif not first:
        group = 4
    else:
        group = 1 if first in _STANDARD else 2
    return group, dotted.lower()
