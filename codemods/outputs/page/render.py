# SPDX-License-Identifier: Apache-2.0
"""Make the page: Jinja2 renders it, Pygments highlights the source."""

import base64
import collections
import hashlib
import importlib.resources
import itertools
import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

import jinja2
import markupsafe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from codemods import __version__
from codemods.errors import OutputFailed
from codemods.mappings import reasons, remedies
from codemods.model import Evidence, RunResult
from codemods.outputs.cover import SUBJECT, verified_lines
from codemods.outputs.diffs import DiffLine
from codemods.outputs.findings import imported, users
from codemods.outputs.numbers import by_item, totals
from codemods.outputs.page.hunks import ReviewedHunk, reviewed_hunks
from codemods.outputs.sources import Sources
from codemods.outputs.words import body, subject
from codemods.outputs.write import write_whole
from codemods.trials import Verification

#: How much is known about a hunk, the surest first.
CONFIDENCES = (
    ("traced", "its value is followed from the call"),
    ("seen", "a rule saw the place itself"),
    ("follows", "an import, or what goes with another hunk"),
)

Data = dict[str, Any]


def write_page(result: RunResult, path: pathlib.Path, verified: Verification | None = None) -> None:
    """Write the page to a file; raises `OutputFailed`."""
    try:
        write_whole(path, page(result, verified).encode("utf-8", "replace"))
    except OSError as error:
        raise OutputFailed(f"{path}: {error.strerror}; name another file") from None


def page(result: RunResult, verified: Verification | None = None) -> str:
    """The whole page; raises `GitFailed`."""
    files = importlib.resources.files(__package__)
    script = files.joinpath("page.js").read_text("utf-8")
    hashed = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files.joinpath("page.html").read_text("utf-8"))
    return template.render(
        **_data(result, verified),
        # only what we wrote ourselves, nothing from the tree
        style=markupsafe.Markup(files.joinpath("page.css").read_text("utf-8") + _colours()),
        script=markupsafe.Markup(script),
        script_hash=f"sha256-{hashed}",
    )


def _colours() -> str:
    """The colours of the source in light and dark mode; the backgrounds are the page's."""
    light, dark = (
        "\n".join(
            line
            for line in HtmlFormatter(style=style).get_style_defs(".code").splitlines()
            if "background" not in line and line.startswith(".code .")
        )
        for style in ("xcode", "github-dark")
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _data(result: RunResult, verified: Verification | None) -> Data:
    hunks, chains = reviewed_hunks(result), _Chains(Sources(result))
    numbers = totals(result)
    count = collections.Counter(hunk.item for hunk in hunks)
    patch_of = {hunk.item: hunk.patch for hunk in hunks}
    rules = sorted({edit.rule for hunk in hunks for edit in hunk.edits})
    return {
        "title": SUBJECT,
        "version": __version__,
        "totals": f"{numbers['found']} files found, {numbers['changed']} changed, "
        f"{numbers['created']} new; {len(hunks)} hunks, {numbers['left']} places left.",
        "items": [
            {
                "item": row.item.value,
                "patch": patch_of.get(row.item),
                "files": row.files,
                "edits": row.edits,
                "hunks": count[row.item],
                "left": row.left,
            }
            for row in by_item(result)
        ],
        "files": _files(result, hunks),
        "rules": [{"name": name} for name in rules],
        "confidences": CONFIDENCES,
        "patches": _patches(result, hunks, chains),
        "left": _left(result, chains),
        "chains": chains.all,
        "verification": None
        if verified is None
        else {"command": verified.command, "lines": verified_lines(verified)},
    }


class _Chains:
    """The chains of evidence, without duplicates: many places share the same one."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.all: list[list[tuple[str, int, str, str]]] = []
        self._known: dict[Evidence, int] = {}

    def number(self, evidence: Evidence) -> int:
        """The index of a chain."""
        if evidence not in self._known:
            self._known[evidence] = len(self.all)
            line = self.sources.line
            self.all.append([(s.path, s.line, s.text, line(s.path, s.line)) for s in evidence])
        return self._known[evidence]


def _files(result: RunResult, hunks: Sequence[ReviewedHunk]) -> list[Data]:
    """How much of each file is changed and left, for the bar chart."""
    changed = collections.Counter(hunk.path for hunk in hunks)
    left = collections.Counter(one.path for one in result.declined)
    paths = sorted(set(changed) | set(left))
    most = max((changed[path] + left[path] for path in paths), default=1)
    return [
        {
            "path": path,
            "hunks": changed[path],
            "left": left[path],
            "hunk_width": round(100 * changed[path] / most, 2),
            "left_width": round(100 * left[path] / most, 2),
        }
        for path in paths
    ]


def _patches(result: RunResult, hunks: Sequence[ReviewedHunk], chains: _Chains) -> list[Data]:
    words = _rule_words({edit.rule for hunk in hunks for edit in hunk.edits})
    patches = {patch.item: patch for patch in result.patches}
    found = []
    for number, several in itertools.groupby(hunks, key=lambda hunk: hunk.patch):
        own = list(several)
        patch = patches[own[0].item]
        found.append(
            {
                "number": number,
                "title": f"{number:04} {subject(patch, result.target)}",
                "message": body(patch, result.target),
                "hunks": [_hunk(hunk, chains, words) for hunk in own],
            }
        )
    return found


def _rule_words(names: set[str]) -> dict[str, tuple[str, str]]:
    """What each rule does, and why that is safe."""
    if not names:
        return {}
    # this imports libcst, which a run with nothing to rewrite does not need
    from codemods.rules.own import known_rules

    summaries = {rule.name(): rule.summary().strip().partition("\n\n") for rule in known_rules()}
    return {
        name: (" ".join(what.split()), " ".join(why.split()))
        for name, (what, _, why) in summaries.items()
        if name in names
    }


def _hunk(hunk: ReviewedHunk, chains: _Chains, words: dict[str, tuple[str, str]]) -> Data:
    return {
        "number": hunk.number,
        "key": hunk.key,
        "item": hunk.item.value,
        "path": hunk.path,
        "inside": hunk.inside,
        "line": hunk.first_new,
        "confidence": hunk.confidence,
        "rules": sorted({edit.rule for edit in hunk.edits}),
        "rows": list(_rows(hunk.lines)),
        "reasons": [
            {
                "rule": edit.rule,
                "what": words[edit.rule][0],
                "why": words[edit.rule][1],
                "chain": chains.number(edit.evidence),
            }
            for edit in hunk.edits
        ],
        "follows": "" if hunk.edits else _follows(hunk),
    }


def _follows(hunk: ReviewedHunk) -> str:
    """Why there is a hunk without an edit of a rule."""
    said = []
    for kind, text in (("+", "is imported for {}"), ("-", "is not used any more")):
        for line in hunk.lines:
            name = imported(line.text) if line.kind == kind else ""
            using = users(name, hunk.beside) or "the edits of this patch"
            said += [f"{name} {text.format(using)}."] if name else []
    return " ".join(said) or "It goes with other hunks of the patch."


def _rows(lines: Sequence[DiffLine]) -> Iterator[Data]:
    """The lines side by side: what is removed next to what replaces it."""
    coloured = dict(zip(lines, _coloured(lines), strict=True))
    for kind, several in itertools.groupby(lines, key=lambda line: line.kind == " "):
        run = list(several)
        if kind:
            yield from (_row(line, line, coloured, "kept", "kept") for line in run)
            continue
        removed = [line for line in run if line.kind == "-"]
        added = [line for line in run if line.kind == "+"]
        for old, new in itertools.zip_longest(removed, added):
            kinds = ("removed" if old else "none", "added" if new else "none")
            yield _row(old, new, coloured, *kinds)


def _row(
    old: DiffLine | None,
    new: DiffLine | None,
    coloured: dict[DiffLine, str],
    old_kind: str,
    new_kind: str,
) -> Data:
    return {
        "old_number": old.old if old else "",
        "old": coloured[old] if old else "",
        "old_kind": old_kind,
        "new_number": new.new if new else "",
        "new": coloured[new] if new else "",
        "new_kind": new_kind,
    }


def _coloured(lines: Sequence[DiffLine]) -> list[str]:
    # Pygments escapes its input, so its output is safe
    text = "\n".join(line.text for line in lines)
    lexer = PythonLexer(stripnl=False, ensurenl=True)
    made = highlight(text, lexer, HtmlFormatter(nowrap=True)).split("\n")
    return [markupsafe.Markup(one) for one in made[: len(lines)]]


def _left(result: RunResult, chains: _Chains) -> list[Data]:
    """What was left, by reason."""
    groups: dict[str, list[Data]] = {}
    for one in result.declined:
        groups.setdefault(one.code, []).append(
            {
                "path": one.path,
                "line": one.line,
                "reason": one.reason,
                "source": chains.sources.line(one.path, one.line),
                "chain": chains.number(one.evidence),
            }
        )
    return [
        {"code": code, "reason": reasons()[code], "remedy": remedies()[code], "places": places}
        for code, places in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
