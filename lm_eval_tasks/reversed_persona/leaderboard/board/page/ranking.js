// The table: models, models with other prompts, and the instruments that bound the scale, each in a part of its own.

let tableShown = { entries: [], columns: [], view: null };  // for the download, and for keys

function drawRanking() {
  const filters = filtersOf(here);
  const view = board.views.get(filters.over);
  byId("empty").hidden = board.entries.some(isModel);
  if (!view) return;
  const columns = chosenColumns(view, here.columns);
  const sort = columns.some((column) => column.name === here.sort) || here.sort === "model" ? here.sort : mainColumn(view);
  const column = sort === "model" ? nameColumn : columnsOf(view).find((one) => one.name === sort);
  const down = here.down ? here.down === "yes" : column.isNumber && sort !== "rank";
  const entries = shownEntries(filters).sort((a, b) => inOrder(cellKey(column.cell(a)), cellKey(column.cell(b)), column.isNumber, down));
  const kinds = Object.keys(board.index.texts.kinds).filter((kind) => entries.some((entry) => entry.kind === kind));
  tableShown = { view, columns, entries: kinds.flatMap((kind) => entries.filter((entry) => entry.kind === kind)) };
  const parts = kinds.map((kind) => tablePart(kind, entries.filter((entry) => entry.kind === kind), columns, kinds[0] !== kind || kind !== "standard"));
  byId("ranking").replaceChildren(tableHead(columns, sort, down), ...parts);
  const all = board.entries.filter((entry) => hasRun(view, entry));
  const models = entries.filter(isModel).length;
  byId("rows").textContent = `${models} of ${all.filter(isModel).length} models, ${entries.length - models} reference respondents, in ${viewTitle(view.view)}${here.sort === sort && column.means ? `. Sorted by ${column.label}: ${column.means}` : ""}`;
  markSeparated(view);
  showTray();
}

const nameColumn = { name: "model", label: "model", means: "", isNumber: false, cell: (entry) => entry.model };

function tableHead(columns, sort, down) {
  const headings = [nameColumn, ...columns].map((column) => {
    const button = element("button", { type: "button", title: column.means, "data-column": column.name }, column.label);
    const heading = element("th", { scope: "col", class: column.isNumber ? "number" : "" }, button);
    if (column.name === sort) heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    button.addEventListener("click", () => {
      const again = column.name === sort ? !down : column.isNumber && column.name !== "rank";
      change({ sort: column.name, down: again ? "yes" : "no" });
      byId("ranking").querySelector(`[data-column=${CSS.escape(column.name)}]`).focus();
    });
    return heading;
  });
  return element("thead", {}, element("tr", {}, ...headings));
}

function tablePart(kind, entries, columns, titled) {
  const part = element("tbody", { class: kind });
  if (titled) {
    const title = element("span", {}, board.index.texts.kinds[kind]);
    part.append(element("tr", { class: "part" }, element("th", { colspan: columns.length + 1, scope: "rowgroup" }, title)));
  }
  part.append(...entries.map((entry) => tableRow(entry, columns)));
  return part;
}

function tableRow(entry, columns) {
  const box = element("input", { type: "checkbox", "aria-label": `compare ${entry.model}` });
  box.checked = picked().includes(entry);
  box.addEventListener("change", () => pick(entry, box.checked));
  const name = element("a", { href: modelAddress(entry) }, entry.model);
  const row = element("tr", { "data-file": entry.file }, element("th", { scope: "row" }, box, " ", name, " ", badge(entry)));
  if (entry.kind === "reference") row.firstChild.append(element("span", { class: "does" }, entry.facts.note ?? ""));
  row.append(...columns.map((column) => tableCell(entry, column)));
  row.addEventListener("click", (event) => {
    if (!event.target.closest("a, input, button, summary")) toggleMark(entry);
  });
  return row;
}

function tableCell(entry, column) {
  const cell = column.cell(entry);
  if (column.name === "rank") return element("td", { class: "number" }, rankButton(entry, cell));
  if (column.name === "size") return element("td", { class: "number" }, sizeText(cell));
  if (column.name === "flags" && cell) {
    const chips = cell.split(", ").map((flag) => meaningButton(flag, "chip flag", `${flag}: ${column.means}`));
    return element("td", { class: "short" }, ...chips);
  }
  const made = element("td", { class: column.isNumber ? "number" : String(cell).length < 24 ? "short" : "long" }, ...cellNodes(cell, column.name));
  if (isInterval(cell)) made.setAttribute("title", cellText(cell));
  return made;
}

function badge(entry) {
  const [words, sentence] = board.index.texts.tiers[entry.tier];
  const more = entry.prompts ? ` ${board.index.texts.prompts[entry.prompts]}` : "";
  const custom = entry.kind === "custom" ? "custom prompts, " : "";
  return meaningButton(`${custom}${words}`, `badge ${entry.tier}`, `${sentence}${more}`);
}

// ---- who is not separated from whom

function rankButton(entry, cell) {
  if (cell === null) return "-";
  const button = element("button", { type: "button", class: "rank", "aria-pressed": "false" }, cellText(cell));
  button.setAttribute("aria-label", `rank ${cellText(cell)}: mark the rows that are not separated from ${entry.model}`);
  button.addEventListener("click", () => toggleMark(entry));
  return button;
}

function toggleMark(entry) {
  here = { ...here, mark: here.mark === entry.file ? "" : entry.file };
  drawnAddress = addressOf(here);
  location.replace(drawnAddress);
  markSeparated(tableShown.view);
}

function markSeparated(view) {
  const chosen = board.byFile.get(here.mark);
  const signs = chosen ? standingTo(view, chosen.file) : new Map();
  let alike = 0;
  for (const row of byId("ranking").querySelectorAll("tr[data-file]")) {
    const file = row.dataset.file;
    const isChosen = chosen !== undefined && file === chosen.file;
    const isAlike = !isChosen && signs.get(file) === "=";
    row.classList.toggle("marked", isChosen);
    row.classList.toggle("alike", isAlike);
    const button = row.querySelector("button.rank");
    if (button) {
      button.setAttribute("aria-pressed", String(isChosen));
      button.dataset.sign = isChosen ? "●" : isAlike ? "≈" : "";
    }
    alike += isAlike;
  }
  byId("separated").textContent = !chosen ? "" : !signs.size
    ? `${chosen.model} is not ranked here, so nothing says from whom it is separated.`
    : `≈ ${alike} ${alike === 1 ? "row is" : "rows are"} not separated from ${chosen.model}: their differences could be chance, all pairs at once, 95 %. That does not carry over from one pair to the next.`;
}

// ---- two rows for a comparison

const picked = () => (here.pick || "").split(",").map((file) => board.byFile.get(file)).filter(Boolean);

function pick(entry, isPicked) {
  const others = picked().filter((other) => other !== entry);
  const now = isPicked ? [...others, entry].slice(-2) : others;
  here = { ...here, pick: now.map((one) => one.file).join(",") };
  drawnAddress = addressOf(here);
  location.replace(drawnAddress);
  for (const row of byId("ranking").querySelectorAll("tr[data-file]")) {
    row.querySelector("input").checked = now.some((one) => one.file === row.dataset.file);
  }
  showTray();
}

function showTray() {
  const [one, other] = picked();
  const tray = byId("tray");
  tray.hidden = !one;
  if (!one) return;
  const clear = element("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => { for (const entry of picked()) pick(entry, false); });
  const said = other
    ? [element("a", { href: pairAddress(one, other) }, "Side by side"), `: ${one.model} and ${other.model}`]
    : [`${one.model}: choose a second row to see both side by side`];
  tray.replaceChildren(element("span", {}, ...said), clear);
}
