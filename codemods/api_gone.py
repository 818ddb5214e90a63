# SPDX-License-Identifier: Apache-2.0
"""Find the parts of the conductor API that the rewritten code no longer uses."""

from collections.abc import Iterable, Mapping

from codemods.analysis.gone import Gone
from codemods.analysis.handles import Handle
from codemods.analysis.serving_methods import serving_methods
from codemods.analysis.survey import Survey
from codemods.analysis.uncarried_tests import names_gone
from codemods.rewriting.became import Became


def api_gone(
    survey: Survey, known: Iterable[Handle], became: Became, texts: Mapping[str, bytes]
) -> Gone:
    """Return the parts of the conductor API that the rewritten code no longer uses."""
    methods: dict[str, set[str]] = {}
    for dotted, outcome in became.outcomes.items():
        for method in outcome.rewritten if not survey.inference.is_test_name(dotted) else ():
            methods.setdefault(method, set()).add(dotted)
    changed = {one for found in methods.values() for one in found}
    serving = serving_methods(survey.tree)
    for name, served in serving.items():
        for method in served & methods.keys():
            methods.setdefault(name, set()).update(methods[method])
    handles: dict[str, set[str]] = {}
    names: dict[str, frozenset[str]] = {}
    for handle in known:
        dotted = survey.modules[handle.path].dotted
        if dotted in changed:
            handles.setdefault(handle.name, set()).add(dotted)
    for path, text in texts.items():
        module = survey.modules.get(path)
        if module is not None and module.dotted in changed:
            names[module.dotted] = names_gone(module, text)
    return Gone(
        survey.inference.project,
        survey.tree.package,
        {name: frozenset(found) for name, found in methods.items()},
        frozenset(
            name for name in methods if any(map(became.calls, (name, *serving.get(name, ()))))
        ),
        {name: frozenset(found) for name, found in handles.items()},
        names,
    )
