# SPDX-License-Identifier: Apache-2.0
"""Replace a conductor call that reads rows with the object's class method.

Both end in the same function of the database API, with the same arguments, and
raise the same exceptions; the result is the object, or the list object, of the
same rows. If the conductor used an elevated context, the new call is passed one;
keywords are renamed to those of the class method.
"""

from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.facts import Site
from codemods.analysis.sites import keywords_of
from codemods.mappings import conductor_calls
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider, SiteProvider
from codemods.rewriting.nodes import expression, method
from codemods.rules.code.base import CodeRule
from codemods.rules.example_sources import OBJECT_READER, READER

_SAID, _SAYS = "via the conductor API", "as an object"

ALIAS = m.Assign(targets=[m.AssignTarget(m.Name())])
ELEVATED = m.Call(func=m.Attribute(attr=m.Name("elevated") | m.Name("get_admin_context"))) | (
    m.Name("elevated") | m.Name("admin_context")
)


EXAMPLES = (
    Example(
        READER,
        OBJECT_READER,
    ),
    LeftAlone(
        """\
from nova import db


def read(context, host):
    return db.service_get_by_compute_host(context, host)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def read(context, host, topic):
    capi = conductor.API()
    return capi.service_get_by_host_and_topic(context, host, topic)
""",
        because="call.result-shape",
    ),
)


class ConductorGetterToObjectGetter(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, SiteProvider)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # whether each enclosing function has a rewritten call, the innermost last
        self._replaced = [False]
        self._called: set[cst.BaseExpression] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._replaced.append(False)

    def visit_Call(self, node: cst.Call) -> None:
        self._called.add(node.func)

    def visit_Assign(self, node: cst.Assign) -> None:
        self._called.update(one.target for one in node.targets)
        if m.matches(node, ALIAS):
            # calls through the alias are rewritten or listed themselves
            self._called.add(node.value)

    def visit_For(self, node: cst.For) -> None:
        self._called.add(node.target)

    def visit_CompFor(self, node: cst.CompFor) -> None:
        self._called.add(node.target)

    def leave_Attribute(self, original: cst.Attribute, updated: cst.Attribute) -> cst.Attribute:
        """List a conductor method that is passed on as a value, so its calls are elsewhere."""
        self._listed(original)
        return updated

    def leave_Name(self, original: cst.Name, updated: cst.Name) -> cst.Name:
        """The same in a variable."""
        self._listed(original)
        return updated

    def _listed(self, original: cst.BaseExpression) -> None:
        held = self.held(original) if original not in self._called else None
        for value, evidence in held.kind("method") if held is not None else ():
            call = conductor_calls().get(value.name)
            if call is not None and self.file.item_of(call.object) in self.file.done:
                item = self.file.item_of(call.object)
                self.declined(original, item, "call.bound-method", evidence)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """Replace the conductor's method with the object's."""
        site = self.site(original)
        if site is None or site.call.kind not in ("get", "list"):
            return updated
        item = self.file.item_of(site.call.object)
        if site.left is not None:
            self.declined(original, item, site.left.code, site.evidence, site.left.detail)
            return updated
        assert site.call.call is not None
        name, _, getter = site.call.call.partition(".")
        spelled, line = self.file.tree.spelling(name)
        self.wants_import(line, item)
        self._replaced[-1] = True
        new = updated.with_changes(
            func=expression(f"{spelled}.{getter}"), args=self._args(site, updated)
        )
        return self.edited(original, new, item, site.evidence, Effect.READS_OBJECT)

    def _args(self, site: Site, updated: cst.Call) -> list[cst.Arg]:
        """The same arguments, with the context elevated if the conductor elevated it."""
        number = site.call.parameters.index("context")
        return [
            self._named(site, one).with_changes(value=method(one.value, "elevated"))
            if site.call.elevated
            and (one.keyword.value == "context" if one.keyword else place == number)
            and not m.matches(one.value, ELEVATED)
            else self._named(site, one)
            for place, one in enumerate(updated.args)
        ]

    def _named(self, site: Site, given: cst.Arg) -> cst.Arg:
        """The argument, with the keyword that the class method has for it."""
        if given.keyword is None:
            return given
        name = keywords_of(site.call, self.file.tree)[given.keyword.value]
        return given.with_changes(keyword=given.keyword.with_changes(value=name))

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef:
        """Keep a docstring true that says how the row is fetched."""
        if not self._replaced.pop() or _SAID not in (original.get_docstring(clean=False) or ""):
            return updated
        docstring = m.findall(updated.body, m.SimpleString())[0]
        assert isinstance(docstring, cst.SimpleString)
        new = docstring.with_changes(value=docstring.value.replace(_SAID, _SAYS))
        return updated.with_deep_changes(docstring, value=new.value)
