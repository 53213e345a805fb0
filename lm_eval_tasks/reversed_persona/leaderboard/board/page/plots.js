// Scores against size and against date: points are links, and the numbers stand below as a table.

const PLOTS = {
  size: {
    title: (score) => `${score} against size`,
    name: "parameters (logarithmic)",
    of: (entry) => entry.facts.parameters,
    scale: (values) => logarithmic(values, sizeText),
    text: sizeText,
    lacking: "of a size that is not known",
  },
  date: {
    title: (score) => `${score} against date`,
    name: "when the newest of its runs began, UTC",
    of: (entry) => (Number.isNaN(Date.parse(entry.facts.date)) ? null : dayOf(Date.parse(entry.facts.date))),
    scale: days,
    text: (value) => new Date(value).toISOString().slice(0, 10),
    lacking: "of a date that is not known",
  },
};

const scoresOf = (view) => view.columns.filter((name) => Object.values(view.cells).some((cells) => typeof cellKey(cells[view.at.get(name)]) === "number") && !["n", "p", "p_bh"].includes(name));

function drawPlots() {
  const filters = filtersOf(here);
  const view = board.views.get(filters.over);
  if (!view) { byId("figures").replaceChildren(element("p", {}, "Nothing is here to plot yet.")); return; }
  const scores = scoresOf(view);
  const score = scores.includes(here.score) ? here.score : mainColumn(view);
  fill(byId("score"), scores.map((name) => [name, labelOf(name)]));
  byId("score").value = score;
  const entries = shownEntries(filters).filter((entry) => entry.kind === "standard");  // others are not comparable with them
  const width = Math.min(byId("figures").clientWidth || 800, 900);
  byId("figures").replaceChildren(...Object.values(PLOTS).map((plot) => figureOf(plot, view, score, entries, width)));
}

function figureOf(plot, view, score, entries, width) {
  const measured = entries.filter((entry) => cellKey(cellOf(view, entry, score)) !== "");
  const points = measured.filter((entry) => plot.of(entry) !== null).map((entry) => {
    const cell = cellOf(view, entry, score);
    return { entry, x: plot.of(entry), y: isInterval(cell) ? cell : cellKey(cell), name: entry.model, href: modelAddress(entry),
      said: `${entry.model}: ${plot.text(plot.of(entry))}, ${labelOf(score)} ${cellText(cell, score)}` };
  });
  const lacking = measured.length - points.length;
  const title = plot.title(labelOf(score));
  const made = element("figure", {}, element("figcaption", {}, element("h3", {}, title), element("span", { class: "task" }, viewTitle(view.view))));
  if (points.length) {
    const shape = { width, height: Math.min(420, Math.max(300, width * 0.5)), title: `${title}. Every point is a link to its model.`, points, named: true };
    made.append(chart({ ...shape, x: { name: plot.name, scale: plot.scale(points.map((point) => point.x)) }, y: { name: labelOf(score), scale: scaleOf(score, points) } }));
  } else made.append(element("p", {}, "No model that is shown has both."));
  const notes = ["Models asked with the benchmark's prompts. Lines: 95 % intervals, over the choice of questions."];
  if (lacking) notes.push(`Not drawn: ${lacking} ${lacking === 1 ? "model" : "models"} ${plot.lacking}.`);
  made.append(element("p", { class: "small" }, notes.join(" ")), numbersOf(points, plot, score));
  return made;
}

// Reversals from -1 to 1, shares from 0 to 1, unless something lies outside.
function scaleOf(score, points) {
  const ends = points.flatMap((point) => (Array.isArray(point.y) ? point.y : [point.y]));
  const low = Math.min(...ends), high = Math.max(...ends);
  if (high > 1 || low < -1) return linear(Math.floor(low), Math.ceil(high), Math.max(1, Math.ceil((high - low) / 6)));
  return low < 0 ? linear(-1, 1, 0.5) : linear(0, 1, 0.25);
}

function numbersOf(points, plot, score) {
  const rows = points.map((point) => [point.entry.model, point.x, point.y]);
  const table = plainTable(["model", plot === PLOTS.size ? "size" : "date", score], rows, (cell, name) => (name === "size" || name === "date" ? plot.text(cell) : cellText(cell, name)));
  return element("details", {}, element("summary", {}, "Numbers"), table);
}

// A table whose headings sort, as the report has them.
function plainTable(names, rows, textOfCell = cellText, nodes = null) {
  const isNumber = names.map((_, place) => rows.every((row) => typeof cellKey(row[place]) !== "string" || cellKey(row[place]) === ""));
  const head = names.map((name, place) => element("th", { scope: "col", class: isNumber[place] && place ? "number" : "" },
    element("button", { type: "button", title: meaningOf(name) }, labelOf(name))));
  const lines = rows.map((row) => element("tr", {}, ...row.map((cell, place) => {
    const text = textOfCell(cell, names[place]);
    const kind = isNumber[place] ? "number" : text.length < 24 ? "short" : "long";
    return element(place ? "td" : "th", { "data-v": String(cellKey(cell)), ...(place ? { class: kind } : { scope: "row", class: text.length < 32 ? "short" : "" }) }, ...((nodes && nodes(cell, names[place], row)) || [text]));
  })));
  const table = element("table", { class: "sortable" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...lines));
  const around = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": names.map(labelOf).join(", ") }, table);
  letHeadingsSort(around);
  return around;
}
