// All that is known of one entry: what was run and checked, its numbers task by task, and how it stands to the others.

const FACTS = [
  ["revision", "Revision"], ["licence", "Licence"], ["backend", "Backend"], ["lm_eval_version", "lm-eval"],
  ["reversed_persona_version", "reversed-persona"], ["regraded", "Graded anew"], ["git_hash", "Commit"], ["flagged", "Flagged"],
];

async function drawModel(isLast) {
  const entry = board.byFile.get(here.model);
  const shown = byId("model");
  byId("model-title").textContent = entry ? nameOf(entry) : "No such model";
  if (!entry) { shown.replaceChildren(element("p", {}, "No row of this board has that address. It may have been removed: see "), element("a", { href: "#view=decisions" }, "the decisions"), "."); return; }
  shown.replaceChildren(...aboutEntry(entry), element("p", { class: "small", id: "model-waits" }, "Reading the details …"));
  const details = await data(`entry-${entry.file}`);
  if (!isLast()) return;
  byId("model-waits").remove();
  const views = [...board.views.values()].filter((view) => hasRun(view, entry));
  shown.append(...views.map((view) => taskSection(entry, view, details)), othersSection(entry, details));
}

function aboutEntry(entry) {
  const { tiers, prompts, unproven, kinds } = board.index.texts;
  const checked = element("div", { class: "checked" }, element("p", {}, badge(entry), " ", tiers[entry.tier][1]));
  if (entry.prompts) checked.append(element("p", {}, prompts[entry.prompts]));
  if (entry.kind === "custom") checked.append(element("p", {}, `${kinds.custom}.`));
  if (isModel(entry)) checked.append(element("p", {}, unproven));
  const links = element("p", { class: "links" }, element("a", { href: pairAddress(entry, null) }, "Read its answers"));
  const made = [checked, factsOf(entry), links];
  if (entry.facts.command) made.push(element("h3", {}, "Command, as submitted"), element("pre", { tabindex: "0" }, element("code", {}, entry.facts.command)));
  if (entry.decisions.length) made.push(element("h3", {}, "Decisions"), element("ul", { class: "decisions" }, ...entry.decisions.map(decisionLine)));
  if (entry.older.length) made.push(element("h3", {}, "Older submissions"), element("ul", {}, ...entry.older.map(olderLine)));
  return made;
}

function decisionLine(one) {
  return element("li", {}, element("strong", {}, one.tier ? `${one.decision}, ${one.tier}` : one.decision), ` on ${one.date} by ${one.by}: ${one.reason}`);
}

// Its folder's name begins with the date of its run.
function olderLine(submission) {
  return element("li", {}, `${submission.split("/").pop().slice(0, 10)}, ${submission}: older, a newer one counts; not graded again here`);
}

function factsOf(entry) {
  const { facts } = entry;
  const said = (name, ...value) => element("div", {}, element("dt", {}, name), element("dd", {}, ...value));
  const list = element("dl", { class: "facts" });
  if (isModel(entry)) {
    list.append(said("Suite", board.index.suite), said("Size", sizeText(facts.parameters)), said("Weights", SAID.weights(entry) ?? "-"), said("Trained on the problems", facts.trained_on_benchmark ?? "-"));
  }
  for (const [name, text] of FACTS) if (facts[name]) list.append(said(text, String(facts[name])));
  if (facts.date) list.append(said("Run", facts.date.replace("T", " ")));
  if (facts.submitter) list.append(said("Submitter", /^https?:\/\//.test(facts.url || "") ? element("a", { href: facts.url, rel: "nofollow noopener noreferrer" }, facts.submitter) : facts.submitter));
  if (entry.submission) list.append(said("Submission", entry.submission));
  if (facts.note) list.append(said("Note", facts.note));
  return list;
}

function taskSection(entry, view, details) {
  const section = element("section", { class: "of-task" }, element("h3", {}, viewTitle(view.view)));
  const place = rankOf(view, entry);
  const cells = element("dl", { class: "numbers" });
  const add = (name, ...nodes) => cells.append(element("div", {}, element("dt", { title: meaningOf(name) }, labelOf(name)), element("dd", {}, ...nodes)));
  if (place) add("rank", `${cellText(place)} of ${view.ranked.length}`);
  for (const name of view.columns) {
    const cell = cellOf(view, entry, name);
    if (cell !== null && cell !== undefined) add(name, ...cellNodes(cell, name));
  }
  section.append(cells);
  for (const table of details.details[view.view] || []) section.append(...detailTable(table));
  section.append(...judgedPart(details.doc, view.view));
  return section;
}

function detailTable(table) {
  const made = [element("h4", {}, table.title)];
  if (table.columns[0] === "group") made.push(element("p", {}, board.index.texts.race));
  const drawing = detailChart(table);
  if (drawing) made.push(drawing);
  const numbers = plainTable(table.columns, table.rows);
  made.push(drawing ? element("details", {}, element("summary", {}, "Numbers"), numbers) : numbers);
  made.push(...table.notes.map((note) => element("p", { class: "small" }, note)));
  return made;
}

// By difficulty: reversals with intervals. By target: what was reached against what was asked for.
function detailChart(table) {
  const [by] = table.columns, at = (name) => table.columns.indexOf(name);
  const measured = { difficulty: "reversal", target: "acc" }[by];
  if (!measured || at(measured) < 0) return null;
  const rows = table.rows.filter((row) => row[at(measured)] !== null);
  const points = rows.map((row) => ({ x: row[0], y: row[at(measured)], name: "", said: `${by} ${row[0]}: ${measured} ${cellText(row[at(measured)])}` }));
  if (points.length < 2) return null;
  const isTarget = by === "target";
  const diagonal = (x, y) => [drawn("line", { class: "told", x1: x(0), x2: x(1), y1: y(0), y2: y(1) })];
  return chart({
    width: Math.min(byId("model").clientWidth || 560, 560), height: 260, title: table.title, points, line: true,
    x: { name: isTarget ? "accuracy that the persona promises" : "difficulty", scale: isTarget ? linear(0, 1, 0.2) : inSteps(rows.map((row) => row[0])) },
    y: { name: isTarget ? "accuracy" : measured, scale: isTarget ? linear(0, 1, 0.25) : linear(-1, 1, 0.5) },
    extras: isTarget ? diagonal : () => [],
  });
}

function othersSection(entry, details) {
  const name = details.pairs[OVERALL] ? OVERALL : Object.keys(details.pairs)[0];
  const section = element("section", { class: "of-task" }, element("h3", {}, "Beside the others"));
  if (!name || !Object.keys(details.pairs[name]).length) {
    section.append(element("p", {}, "Nobody else was asked the same."));
    return section;
  }
  section.append(element("p", { class: "small" }, `Reversal of ${nameOf(entry)} minus that of the other, on the same questions, in ${viewTitle(name)}; p: adjusted for all pairs of ranked models.`));
  const rows = Object.entries(details.pairs[name]).filter(([file]) => board.byFile.has(file))
    .map(([file, [estimate, low, high, p]]) => [board.byFile.get(file).model, [estimate, low, high], p, file])
    .sort((a, b) => b[1][0] - a[1][0]);
  const nodes = (cell, column, row) => (column === "side by side" ? [element("a", { href: pairAddress(entry, board.byFile.get(row[3])) }, "side by side")] : column === "difference" ? cellNodes(cell, column) : null);
  section.append(plainTable(["other", "difference", "p", "side by side"], rows.map((row) => [row[0], row[1], row[2], row[3]]), cellText, nodes));
  return section;
}
