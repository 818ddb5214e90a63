"""Say what stands in one line: which object, how we know, what a rule made of it."""

import ast
from collections.abc import Iterator

from codemods.analysis.inference import Inference
from codemods.analysis.values import is_interesting
from codemods.model import Evidence, RunResult


def explanation(inference: Inference, result: RunResult, path: str, line: int) -> list[str]:
    """The lines of the explanation; empty when nothing is known of the place."""
    lines = list(_held(inference, path, line))
    for patch in result.patches:
        for edit in patch.edits:
            if edit.path == path and edit.line == line:
                lines.append(f"rewritten by {edit.rule}, in the patch of {patch.item.value}")
                lines += _steps(edit.evidence)
    for one in result.declined:
        if one.path == path and one.line == line:
            lines.append(f"left by {one.rule}: {one.code}: {one.reason}")
            lines += _steps(one.evidence)
    return lines


def not_read(inference: Inference, result: RunResult, path: str) -> str:
    """Why nobody has looked at the file; "" if somebody has."""
    project, package = inference.project, inference.tree.package
    for failure in result.failures:
        if failure.path == path and failure.stage in ("read", "parse"):
            return f"not read: {failure.reason}"
    if path not in project.files:
        return f"not read: the file is not in {package}/; name its directory with --include"
    if path not in project.modules:
        return "not read: no byte of the file leads to the conductor or to what it gives"
    return ""


def _held(inference: Inference, path: str, line: int) -> Iterator[str]:
    module = inference.project.modules.get(path)
    for nodes in module.nodes.values() if module is not None else ():
        for node in nodes:
            if not isinstance(node, ast.expr) or node.lineno != line:
                continue
            assert module is not None
            for value, evidence in inference.values(node).items():
                if is_interesting(value):
                    needs = ", ".join(sorted(item.value for item in value.needs))
                    after = f", an object once done: {needs}" if needs else ""
                    name = f" {value.name}" if value.name else ""
                    yield f"`{module.source.of(node)}` may hold: {value.kind}{name}{after}"
                    yield from _steps(evidence)


def _steps(evidence: Evidence) -> list[str]:
    return [f"    {step.path}:{step.line} {step.text}" for step in evidence]
