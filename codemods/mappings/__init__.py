# SPDX-License-Identifier: Apache-2.0
"""What is known about nova, as data: loaded once, checked and typed."""

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
    """The mappings from outside the package that this run uses."""

    own = Own()


_forget: list[Callable[[], None]] = []


def _loaded_once(function: Callable[[], Table]) -> Callable[[], Table]:
    """Cache a table until other mappings are in use."""
    made = functools.cache(function)
    _forget.append(made.cache_clear)
    return made


def use(paths: Sequence[pathlib.Path]) -> None:
    """Use the mappings in these files besides the package's own, instead of any used before.

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
    """A key under which a row holds other rows; see relations.toml."""

    owner: str
    key: str
    object: str
    many: bool
    joined: tuple[str, ...]

    @property
    def names(self) -> tuple[str, str]:
        """The owner and the key, which identify the relation."""
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
    """The keys under which the rows that a conductor method returns hold other rows.

    By the method's name.
    """
    found: dict[str, set[str]] = {}
    for relation in relations().values():
        for call in relation.joined:
            found.setdefault(call, set()).add(relation.key)
    return {call: frozenset(keys) for call, keys in found.items()}


@_loaded_once
def keys_of_updates() -> frozenset[str]:
    """The keys under which only rows that an update returns hold other rows.

    An update sets `updated_at`, so such a row never equals one that was read before.
    """
    return frozenset(
        one.key
        for one in relations().values()
        if all(conductor_calls()[call].kind == "update" for call in one.joined)
    )


def row_module_parts(fields: str) -> Mapping[str, str]:
    """The parts of the module for rows of compute nodes, by name.

    `fields` is a key of added/compute_node_rows.toml, such as "classes" or "functions".
    """
    parts: Mapping[str, str] = _load("added/compute_node_rows.toml")[fields]
    return parts


def undeclared_fields(name: str) -> Mapping[str, str]:
    """The fields that an object has but its class does not declare, with their types' source."""
    return _InUse.own.fields.get(name, {})


@_loaded_once
def _stubs() -> dict[str, Mapping[str, Any]]:
    return {**_load("stubs.toml"), **_InUse.own.stubs}


@_loaded_once
def stub_keywords() -> dict[str, tuple[str, ...]]:
    """The keywords that only objects pass, by database function."""
    return {name: tuple(row["keywords"]) for name, row in _stubs().items() if "keywords" in row}


def conductor_name(function: str) -> str:
    """The conductor's method that calls a database function; the same name by default."""
    return str(_stubs().get(function, {}).get("conductor", function))


@dataclasses.dataclass(frozen=True)
class Sentence:
    """A sentence about a patch, and the conditions under which it is used; see items.toml."""

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
    """The possible subjects of a work item's patch: the first whose conditions hold is used."""
    return _sentences(item, "subjects")


@functools.cache
def sentences(item: str) -> tuple[Sentence, ...]:
    """The possible sentences about a work item's patch, in order."""
    return _sentences(item, "sentences")


def _sentences(item: str, kind: str) -> tuple[Sentence, ...]:
    rows = _load("items.toml")[item][kind]
    return tuple(Sentence(**{**row, "names": tuple(row.get("names", {}).items())}) for row in rows)


def filled(text: str) -> str:
    """The text's paragraphs wrapped to 72 columns."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(textwrap.fill(" ".join(one.split()), 72) for one in paragraphs) + "\n"


@dataclasses.dataclass(frozen=True)
class NewTest:
    """A new unit test for what rewritten code does; see new_tests.toml."""

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
        """The class that it goes into, and the test that it comes after."""
        owner, _, test = self.behind.partition(".")
        return owner, test


@_loaded_once
def new_tests() -> tuple[NewTest, ...]:
    """The unit tests that come with rewritten code, in the order of the file."""
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
    """The decorators that change neither a function's arguments nor its return value."""
    own = _InUse.own.decorators.get("passing_on", ())
    return frozenset((*_load("decorators.toml")["passing_on"], *own))


@_loaded_once
def reasons() -> dict[str, str]:
    """What each reason code means."""
    own = {code: row["means"] for code, row in _InUse.own.reasons.items()}
    return {str(code): str(text) for code, text in {**_load("reasons.toml"), **own}.items()}


@_loaded_once
def remedies() -> dict[str, str]:
    """What a person may do about a place, by reason code."""
    own = {code: row["remedy"] for code, row in _InUse.own.reasons.items()}
    return {str(code): str(text) for code, text in {**_load("remedies.toml"), **own}.items()}
