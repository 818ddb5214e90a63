// SPDX-License-Identifier: Apache-2.0
"use strict";
const hunks = [...document.querySelectorAll(".hunk")];
const original = [...document.querySelectorAll(".group")];
const place = document.getElementById("hunks");
const control = (id) => document.getElementById(id);
const memory = (() => {
  const name = "codemods:" + document.title;
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(name)) || {}; } catch (error) { kept = {}; }
  return {
    of: (hunk) => kept[hunk.dataset.key] || {},
    put: (hunk, values) => {
      kept[hunk.dataset.key] = { ...kept[hunk.dataset.key], ...values };
      try { localStorage.setItem(name, JSON.stringify(kept)); } catch (error) { /* not kept then */ }
    },
  };
})();

function show() {
  const unread = control("unread").checked;
  for (const hunk of hunks) {
    const data = hunk.dataset;
    hunk.hidden = Boolean(
      (control("item").value && data.item !== control("item").value) ||
      (control("rule").value && !data.rules.split(" ").includes(control("rule").value)) ||
      (control("confidence").value && data.confidence !== control("confidence").value) ||
      (unread && memory.of(hunk).read));
  }
  for (const group of place.querySelectorAll(".group"))
    group.hidden = ![...group.querySelectorAll(".hunk")].some((hunk) => !hunk.hidden);
  count();
}

function count() {
  const shown = hunks.filter((hunk) => !hunk.hidden);
  const unread = hunks.filter((hunk) => !memory.of(hunk).read);
  control("progress").textContent =
    `${unread.length} of ${hunks.length} hunks unread, ${shown.length} shown`;
}

function arrange(view) {
  if (view === "patch") {
    for (const group of original)
      for (const hunk of hunks) if (hunk.dataset.patch === group.dataset.group) group.append(hunk);
    place.replaceChildren(...original);
    return;
  }
  const groups = new Map();
  for (const hunk of hunks) {
    const name = view === "file" ? hunk.dataset.file : hunk.dataset.rules.split(" ")[0] || "follows";
    if (!groups.has(name)) {
      const group = document.createElement("section");
      const title = document.createElement("h3");
      group.className = "group";
      title.textContent = name;
      group.append(title);
      groups.set(name, group);
    }
    groups.get(name).append(hunk);
  }
  place.replaceChildren(...[...groups.keys()].sort().map((name) => groups.get(name)));
}

const chains = JSON.parse(control("chains").textContent);

function element(name, text, ...children) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...children);
  return made;
}

// the chains are many and long, and few are looked at
document.addEventListener("toggle", (event) => {
  const list = event.target.querySelector(":scope > .chain");
  if (!list || list.children.length) return;
  for (const [path, line, text, source] of chains[event.target.dataset.chain])
    list.append(element("li", "", element("details", "",
      element("summary", `${path}:${line} ${text}`), element("pre", source))));
}, true);

function remarks() {
  return hunks.filter((hunk) => memory.of(hunk).remark)
    .map((hunk) => ({ path: hunk.dataset.file, line: Number(hunk.dataset.line),
                      patch: hunk.dataset.patch, message: memory.of(hunk).remark }));
}

function gerrit() {
  const comments = {};
  for (const one of remarks())
    (comments[one.path] ||= []).push({ line: one.line, message: one.message, unresolved: true });
  return JSON.stringify({ message: document.title, comments }, null, 2) + "\n";
}

function markdown() {
  return `# ${document.title}\n` + remarks().map((one) =>
    `\n## ${one.path}:${one.line}\n\n${one.patch}\n\n${one.message}\n`).join("");
}

function offer(text, name) {
  control("exported").value = text;
  const link = control("download");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  control("export").showModal();
}

function step(by) {
  const shown = hunks.filter((hunk) => !hunk.hidden).sort((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  const here = shown.indexOf(document.activeElement.closest(".hunk"));
  const next = shown[Math.max(0, Math.min(shown.length - 1, here + by))];
  if (next) { next.scrollIntoView(); next.focus({ preventScroll: true }); }
}

for (const hunk of hunks) {
  const read = hunk.querySelector(".read");
  const remark = hunk.querySelector("textarea");
  read.checked = Boolean(memory.of(hunk).read);
  remark.value = memory.of(hunk).remark || "";
  hunk.classList.toggle("is-read", read.checked);
  read.addEventListener("change", () => {
    memory.put(hunk, { read: read.checked });
    hunk.classList.toggle("is-read", read.checked);
    count();
  });
  remark.addEventListener("input", () => memory.put(hunk, { remark: remark.value }));
}
for (const id of ["item", "rule", "confidence", "unread"]) control(id).addEventListener("change", show);
for (const radio of document.querySelectorAll("[name=view]"))
  radio.addEventListener("change", () => { arrange(radio.value); show(); });
control("gerrit").addEventListener("click", () => offer(gerrit(), "review.json"));
control("markdown").addEventListener("click", () => offer(markdown(), "review.md"));
control("close").addEventListener("click", () => control("export").close());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select")) return;
  const hunk = document.activeElement.closest(".hunk");
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "r" && hunk) hunk.querySelector(".read").click();
  else if (event.key === "c" && hunk) { hunk.querySelector("textarea").focus(); event.preventDefault(); }
});
// a browser may remember what was chosen
const view = document.querySelector("[name=view]:checked").value;
if (view !== "patch") arrange(view);
show();
