# SPDX-License-Identifier: Apache-2.0
"""The reviewer's page, as a browser has it."""

import dataclasses
import json
import pathlib
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import small_tree
from conftest import SmallTree

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult
from codemods.outputs.page.hunks import ReviewedHunk, reviewed_hunks
from codemods.outputs.page.render import page as rendered

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tracker"
CHROMIUM = shutil.which("chromium")

#: What they share takes long to make.
pytestmark = pytest.mark.xdist_group("page")


@pytest.fixture(scope="module")
def result() -> RunResult:
    return run(Config(EXAMPLE))


@pytest.fixture(scope="module")
def hunks(result: RunResult) -> list[ReviewedHunk]:
    return reviewed_hunks(result)


def test_every_edit_is_at_a_hunk_of_its_patch(result: RunResult, hunks: list[ReviewedHunk]):
    placed = {(e.item, e.path, e.line, e.rule) for hunk in hunks for e in hunk.edits}
    edits = {(p.item, e.path, e.line, e.rule) for p in result.patches for e in p.edits}
    # what a later patch only moves has no hunk of its own
    assert len(edits - placed) <= len(edits) / 20
    assert placed


def test_the_hunks_are_the_series(result: RunResult, hunks: list[ReviewedHunk]):
    for number, patch in enumerate(result.patches, 1):
        for change in patch.changes:
            own = [one for one in hunks if (one.patch, one.path) == (number, change.path)]
            text = (change.before or b"").decode().split("\n")
            for hunk in reversed(own):
                old = [line for line in hunk.lines if line.kind != "+"]
                first = old[0].old - 1 if old else 0
                assert [line.text for line in old] == text[first : first + len(old)]
                text[first : first + len(old)] = [
                    line.text for line in hunk.lines if line.kind != "-"
                ]
            assert "\n".join(text) == change.after.decode()
    assert len({hunk.key for hunk in hunks}) == len(hunks)
    assert {"traced", "follows"} <= {hunk.confidence for hunk in hunks}


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def hostile(tree: SmallTree) -> RunResult:
    """A run on a tree that would have its sources run."""
    text = small_tree.CALLER.replace(
        "        self.seen += 1\n", f"        self.seen = '''{HOSTILE}'''\n"
    )
    tree.put("nova/compute/example.py", text)
    tree.put("nova/compute/<b>bold.py", text)
    return run(Config(tree.root))


def test_sources_and_names_are_text(tree: SmallTree):
    found = rendered(hostile(tree))
    assert HOSTILE not in found
    assert "alert" in found
    assert "<b>bold" not in found
    assert "&lt;b&gt;bold" in found
    assert found.count("<script") == 2
    assert "http://" not in found
    assert "https://" not in found


def test_the_page_is_the_same_each_time(result: RunResult):
    assert rendered(result) == rendered(result)


# in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a head."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no chromium")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@dataclasses.dataclass
class Opened:
    """A page in a browser, and what the browser complained of."""

    page: Any
    complaints: list[str]


def opened(browser: Any, path: pathlib.Path, **options: Any) -> Opened:
    context = browser.new_context(**options)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append("a dialog"))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(path.as_uri())
    return Opened(page, complaints)


@pytest.fixture(scope="module")
def file(result: RunResult, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(rendered(result))
    return path


def shown(page: Any) -> int:
    """How many hunks can be seen."""
    return sum(one.is_visible() for one in page.query_selector_all(".hunk"))


def test_nothing_is_complained_of_and_links_lead_somewhere(browser: Any, file: pathlib.Path):
    found = opened(browser, file)
    page = found.page
    targets = page.eval_on_selector_all("a[href^='#']", "all => all.map(a => a.hash.slice(1))")
    assert len(targets) > 10
    assert all(page.evaluate("id => !!document.getElementById(id)", one) for one in targets)
    page.click("table a >> nth=0")
    assert page.url.endswith("#patch-1")
    assert found.complaints == []


def test_filters_filter(browser: Any, file: pathlib.Path, hunks: list[ReviewedHunk]):
    page = opened(browser, file).page
    assert shown(page) == len(hunks)
    page.select_option("#item", "migration")
    assert shown(page) == sum(hunk.item.value == "migration" for hunk in hunks)
    page.select_option("#rule", "subscript_to_attribute")
    assert shown(page) == sum(
        hunk.item.value == "migration"
        and any(edit.rule == "subscript_to_attribute" for edit in hunk.edits)
        for hunk in hunks
    )
    page.select_option("#item", "")
    page.select_option("#rule", "")
    page.select_option("#confidence", "follows")
    assert shown(page) == sum(hunk.confidence == "follows" for hunk in hunks)
    assert f"{shown(page)} shown" in page.inner_text("#progress")


def test_views_arrange_all_hunks(browser: Any, file: pathlib.Path, hunks: list[ReviewedHunk]):
    page = opened(browser, file).page
    page.check("[value=file]")
    titles = page.eval_on_selector_all("#hunks h3", "all => all.map(one => one.textContent)")
    assert titles == sorted({hunk.path for hunk in hunks})
    assert shown(page) == len(hunks)
    page.check("[value=rule]")
    assert shown(page) == len(hunks)
    page.check("[value=patch]")
    numbers = page.eval_on_selector_all(
        ".hunk", "all => all.map(one => Number(one.dataset.number))"
    )
    assert numbers == [hunk.number for hunk in hunks]


def test_marks_and_remarks_last_and_are_exported(
    browser: Any, file: pathlib.Path, hunks: list[ReviewedHunk]
):
    found = opened(browser, file)
    page = found.page
    page.check("#hunk-2 .read")
    page.fill("#hunk-3 textarea", "Why?\n<b>")
    # the browser stores it when it has time to; somebody who reloads takes longer
    with page.context.new_page() as other:
        other.goto(file.as_uri())
        other.wait_for_function("Object.values(localStorage).some(one => one.includes('Why?'))")
    page.reload()
    assert page.is_checked("#hunk-2 .read")
    assert not page.is_checked("#hunk-1 .read")
    assert page.input_value("#hunk-3 textarea") == "Why?\n<b>"
    assert f"{len(hunks) - 1} of {len(hunks)} hunks unread" in page.inner_text("#progress")
    page.check("#unread")
    assert shown(page) == len(hunks) - 1
    page.click("#gerrit")
    review = json.loads(page.input_value("#exported"))
    third = hunks[2]
    (comment,) = review["comments"][third.path]
    assert comment["message"] == "Why?\n<b>"
    assert comment["line"] == third.first_new
    with page.expect_download() as download:
        page.click("#download")
    assert json.loads(pathlib.Path(download.value.path()).read_text()) == review
    page.click("#close")
    page.click("#markdown")
    assert f"## {third.path}:{third.first_new}" in page.input_value("#exported")
    assert found.complaints == []


def test_keys(browser: Any, file: pathlib.Path):
    page = opened(browser, file).page
    for key, focused in (("j", "hunk-1"), ("j", "hunk-2"), ("k", "hunk-1")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == focused
    page.keyboard.press("r")
    assert page.is_checked("#hunk-1 .read")
    page.keyboard.press("c")
    page.keyboard.type("jar")
    assert page.input_value("#hunk-1 textarea") == "jar"


def test_evidence_opens_in_place(browser: Any, file: pathlib.Path):
    page = opened(browser, file).page
    hunk = page.query_selector(".hunk[data-confidence=traced]")
    hunk.query_selector(".reason > summary").click()
    step = hunk.query_selector(".chain details")
    assert not step.query_selector("pre").is_visible()
    step.query_selector("summary").click()
    assert step.query_selector("pre").is_visible()
    path, _, rest = step.query_selector("summary").inner_text().partition(":")
    line = (EXAMPLE / path).read_text().splitlines()[int(rest.split()[0]) - 1]
    assert step.query_selector("pre").inner_text().strip() == line.strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 380])
def test_anybody_can_use_it(browser: Any, file: pathlib.Path, scheme: str, width: int):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(browser, file, color_scheme=scheme, viewport={"width": width, "height": 900}).page
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    # what is not drawn has no colours to look at
    page.evaluate(
        "document.querySelectorAll('.hunk').forEach("
        "one => { one.style.contentVisibility = 'visible' })"
    )
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_hostile_sources_are_not_run(browser: Any, tree: SmallTree, tmp_path: pathlib.Path):
    path = tmp_path / "page.html"
    path.write_text(rendered(hostile(tree)))
    found = opened(browser, path)
    found.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert HOSTILE in found.page.text_content("body")
    assert found.complaints == []
    assert found.page.query_selector("img") is None


def test_a_thousand_hunks_open_in_time(browser: Any, file: pathlib.Path, tmp_path: pathlib.Path):
    text = file.read_text()
    head, rest = text.split('<div id="hunks">', 1)
    series, _, tail = rest.partition('<section aria-labelledby="left">')
    count = series.count('<article class="hunk"')
    copies = [
        re.sub(r'(id|href)="(#?)(hunk|patch)-(\d+)"', rf'\1="\2\3-{number}\4"', series)
        for number in range(1, 1000 // count + 2)
    ]
    path = tmp_path / "large.html"
    path.write_text(
        f'{head}<div id="hunks">{"".join(copies)}<section aria-labelledby="left">{tail}'
    )
    page = browser.new_context().new_page()
    # the browser's own time: others may be at work on this machine
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    page.goto(path.as_uri())
    page.wait_for_function("document.getElementById('progress').textContent !== ''")
    took = spent()
    assert page.evaluate("document.querySelectorAll('.hunk').length") >= 1000
    assert 0 < took < 2
    for part in range(10):
        page.evaluate("part => window.scrollTo(0, document.body.scrollHeight * part / 10)", part)
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    assert (spent() - took) / 10 < 0.25
