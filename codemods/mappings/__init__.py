# SPDX-License-Identifier: Apache-2.0
"""What is known of nova, as data: loaded once, checked, and typed."""

import dataclasses
import functools
import importlib.resources
import pathlib
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from codemods.mappings.own import Own, Shipped, read

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Table = TypeVar("Table")


class _InUse:
    """The mappings from outside of the package that hold for this run."""

    own = Own()


_forget: list[Callable[[], None]] = []


def _loaded_once(function: Callable[[], Table]) -> Callable[[], Table]:
    """Let a table be made once for the mappings that are in use."""
    made = functools.cache(function)
    _forget.append(made.cache_clear)
    return made


def use(paths: Sequence[pathlib.Path]) -> None:
    """Let the mappings in files hold besides from now on, and none but these.

    Raises `BadMapping`.
    """
    calls = {name: row["object"] for name, row in _load("calls.toml").items()}
    own = read(paths, Shipped(calls, _load("reasons.toml"))) if paths else Own()
    if own != _InUse.own:
        _InUse.own = own
        for forget in _forget:
            forget()


@dataclasses.dataclass(frozen=True)
class ConductorCall:
    """One method of the conductor's dict API; see calls.toml for the fields."""

    name: str
    object: str
    kind: str
    parameters: tuple[str, ...]
    call: str | None = None
    arguments: tuple[str, ...] = ()
    elevated: bool = False
    named_values: bool = False
    declined: str | None = None


@dataclasses.dataclass(frozen=True)
class Relation:
    """A key of a row under which other rows stand; see relations.toml."""

    owner: str
    key: str
    object: str
    many: bool
    joined: tuple[str, ...]

    @property
    def names(self) -> tuple[str, str]:
        """The owner and the key, which tell it from the others."""
        return self.owner, self.key


@functools.cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(
        importlib.resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    )


@_loaded_once
def conductor_calls() -> dict[str, ConductorCall]:
    """The conductor's methods that move rows, by name."""
    rows = {**_load("calls.toml"), **_InUse.own.calls}
    return {name: _conductor_call(name, row) for name, row in rows.items()}


def _conductor_call(name: str, row: Mapping[str, Any]) -> ConductorCall:
    lists = {key: tuple(row.get(key, ())) for key in ("parameters", "arguments")}
    return ConductorCall(name=name, **{**row, **lists})


@_loaded_once
def relations() -> dict[tuple[str, str], Relation]:
    """The relations, by owner and key."""
    return {
        (owner, key): Relation(
            owner, key, row["object"], row.get("many", False), tuple(row["joined"])
        )
        for table in (_load("relations.toml"), _InUse.own.relations)
        for owner, keys in table.items()
        for key, row in keys.items()
    }


@_loaded_once
def joined_keys() -> dict[str, frozenset[str]]:
    """The keys under which the rows that a method of the conductor's gives have other rows.

    By the method's name.
    """
    found: dict[str, set[str]] = {}
    for relation in relations().values():
        for call in relation.joined:
            found.setdefault(call, set()).add(relation.key)
    return {call: frozenset(keys) for call, keys in found.items()}


@_loaded_once
def keys_of_updates() -> frozenset[str]:
    """The keys under which no rows have other rows but those that updates give.

    An update sets `updated_at`: such a row is never equal to one that was read before it.
    """
    return frozenset(
        one.key
        for one in relations().values()
        if all(conductor_calls()[call].kind == "update" for call in one.joined)
    )


def row_module_parts(fields: str) -> Mapping[str, str]:
    """The parts of the module of compute nodes' rows by name, for "classes" or "functions"."""
    parts: Mapping[str, str] = _load("added/compute_node_rows.toml")[fields]
    return parts


def undeclared_fields(name: str) -> Mapping[str, str]:
    """Fields that an object of the tree has, though its class does not declare them as others do.

    Each with the source of its type.
    """
    return _InUse.own.fields.get(name, {})


@_loaded_once
def _stubs() -> dict[str, Mapping[str, Any]]:
    return {**_load("stubs.toml"), **_InUse.own.stubs}


@_loaded_once
def stub_keywords() -> dict[str, tuple[str, ...]]:
    """Functions of the database to the keywords that only objects pass."""
    return {name: tuple(row["keywords"]) for name, row in _stubs().items() if "keywords" in row}


def conductor_name(function: str) -> str:
    """The conductor's method that ends in a function of the database; the same if none does."""
    return str(_stubs().get(function, {}).get("conductor", function))


@dataclasses.dataclass(frozen=True)
class Sentence:
    """What a patch says of itself, and the facts on which that hangs; see items.toml."""

    text: str
    adds: str = ""
    removes: str = ""
    lacks: str = ""
    keeps: str = ""
    rule: str = ""
    creates: str = ""
    within: str = ""
    target: str = ""
    wording: str = ""
    names: tuple[tuple[str, str], ...] = ()


@functools.cache
def subjects(item: str) -> tuple[Sentence, ...]:
    """The subjects of the patch of a work item: the first whose facts hold is the patch's."""
    return _sentences(item, "subjects")


@functools.cache
def sentences(item: str) -> tuple[Sentence, ...]:
    """All that the patch of a work item may say, in order."""
    return _sentences(item, "sentences")


def _sentences(item: str, kind: str) -> tuple[Sentence, ...]:
    rows = _load("items.toml")[item][kind]
    return tuple(Sentence(**{**row, "names": tuple(row.get("names", {}).items())}) for row in rows)


def filled(text: str) -> str:
    """Paragraphs in lines of 72 columns."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(textwrap.fill(" ".join(one.split()), 72) for one in paragraphs) + "\n"


@dataclasses.dataclass(frozen=True)
class NewTest:
    """The unit test of what code does that it did not do before; see new_tests.toml."""

    code: str
    does: str
    file: str
    behind: str
    text: str
    unless: str = ""
    fixture: str = ""
    imports: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, str]:
        """The class in which it stands, and the test that it stands behind."""
        owner, _, test = self.behind.partition(".")
        return owner, test


@_loaded_once
def new_tests() -> tuple[NewTest, ...]:
    """The unit tests that come with rewritten code, in the order in which they stand."""
    found = list[NewTest]()
    for row in _load("new_tests.toml")["tests"]:
        shared = {key: value for key, value in row.items() if key != "each"}
        for one in row.get("each", [""]):
            own = {key: shared[key].replace("{each}", one) for key in ("code", "text")}
            imports = row.get("imports", {}).items()
            named = tuple((name.replace("{each}", one), inside) for name, inside in imports)
            found.append(NewTest(**{**shared, **own, "imports": named}))
    return tuple(found)


@_loaded_once
def passing_decorators() -> frozenset[str]:
    """The decorators that change neither what a function is given nor what it returns."""
    own = _InUse.own.decorators.get("passing_on", ())
    return frozenset((*_load("decorators.toml")["passing_on"], *own))


@_loaded_once
def reasons() -> dict[str, str]:
    """Reason code to what it means."""
    own = {code: row["means"] for code, row in _InUse.own.reasons.items()}
    return {str(code): str(text) for code, text in {**_load("reasons.toml"), **own}.items()}


@_loaded_once
def remedies() -> dict[str, str]:
    """Reason code to what a person may do about it."""
    own = {code: row["remedy"] for code, row in _InUse.own.reasons.items()}
    return {str(code): str(text) for code, text in {**_load("remedies.toml"), **own}.items()}
