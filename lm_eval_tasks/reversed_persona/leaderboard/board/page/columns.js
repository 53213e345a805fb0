// What a table can show: its rank, what was measured, and what the submission says of model and run.

const SAID = {
  size: (entry) => entry.facts.parameters,
  weights: (entry) => ({ true: "open", false: "closed" })[entry.facts.open_weights] ?? null,
  "trained on it": (entry) => entry.facts.trained_on_benchmark,
  tier: (entry) => entry.tier,
  prompts: (entry) => entry.prompts,
  date: (entry) => entry.facts.date && entry.facts.date.slice(0, 10),
  submitter: (entry) => entry.facts.submitter,
  licence: (entry) => entry.facts.licence,
  revision: (entry) => entry.facts.revision,
  suite: (entry) => (isModel(entry) ? board.index.suite : null),
  commit: (entry) => entry.facts.git_hash,
  "lm-eval": (entry) => entry.facts.lm_eval_version,
  backend: (entry) => entry.facts.backend,
  command: (entry) => entry.facts.command,
};
const SHOWN_OF_SAID = ["size", "weights", "date", "suite", "commit"];
const NOT_AT_FIRST = ["n", "suppression", "contrast", "discordant", "p", "p_bh", "modal_wrong_share", "modal_offset_share"];

const MOST_AT_FIRST = 10;

function sizeText(parameters) {
  if (parameters === null) return "-";
  const [unit, name] = parameters >= 1e12 ? [1e12, "T"] : parameters >= 1e9 ? [1e9, "B"] : [1e6, "M"];
  return `${Number((parameters / unit).toPrecision(3))} ${name}`;
}

// Every column of a table: {name, label, means, isNumber, cell(entry)}.
function columnsOf(view) {
  const measured = view.columns.map((name) => ({
    name,
    label: labelOf(name),
    isNumber: Object.values(view.cells).every((cells) => typeof cells[view.at.get(name)] !== "string"),
    cell: (entry) => cellOf(view, entry, name),
  }));
  const said = Object.entries(SAID).map(([name, cell]) => ({ name, label: name, isNumber: name === "size", cell }));
  const rank = { name: "rank", label: "rank", isNumber: true, cell: (entry) => rankOf(view, entry) };
  const all = [...(view.ranked.length ? [rank] : []), ...measured, ...said];
  return all.map((column) => ({ ...column, means: meaningOf(column.name) }));
}

function rankOf(view, entry) {
  const [first, last] = placesOf(view, entry);
  return first === undefined ? null : { first, last };
}

function labelOf(name) {
  const [what, task] = name.split(" ");
  return task && board.index.tasks[task] ? `${what} ${shortTask(task)}` : name;
}

// What a column means; of one that is for an arm, a group or a task, what its first part means.
function meaningOf(name) {
  const known = board.index.columns;
  if (Object.hasOwn(known, name)) return known[name];
  const first = Object.keys(known).filter((one) => name.startsWith(`${one} `) || name.startsWith(`${one}_`));
  return first.length ? `${known[first.sort((a, b) => b.length - a.length)[0]]}; here ${name}` : "";
}

function namesAtFirst(view) {
  const measured = view.columns.filter((name) => !NOT_AT_FIRST.includes(name) && name !== "flags").slice(0, MOST_AT_FIRST);
  const flags = view.columns.includes("flags") ? ["flags"] : [];
  return [...(view.ranked.length ? ["rank"] : []), ...measured, ...flags, ...SHOWN_OF_SAID];
}

// The columns that an address asks for, in the order of the table; without a word, those shown at first.
function chosenColumns(view, asked) {
  const names = asked ? asked.split(",") : namesAtFirst(view);
  return columnsOf(view).filter((column) => names.includes(column.name));
}

// Boxes to choose columns by; `changed` is told the names, or nothing where they are those shown at first.
function showChooser(view, asked, changed) {
  const names = chosenColumns(view, asked).map((column) => column.name);
  const atFirst = namesAtFirst(view);
  const boxes = columnsOf(view).map((column) => {
    const box = element("input", { type: "checkbox", value: column.name });
    box.checked = names.includes(column.name);
    return element("label", { title: column.means }, box, ` ${column.label}`);
  });
  const told = () => {
    const chosen = boxes.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value);
    const same = chosen.length === atFirst.length && chosen.every((name) => atFirst.includes(name));
    changed(same ? "" : chosen.join(",") || "none");
  };
  const back = element("button", { type: "button" }, "As at first");
  back.addEventListener("click", () => {
    for (const label of boxes) label.firstChild.checked = atFirst.includes(label.firstChild.value);
    told();
  });
  for (const label of boxes) label.firstChild.addEventListener("change", told);
  byId("columns").replaceChildren(...boxes, back);
}
