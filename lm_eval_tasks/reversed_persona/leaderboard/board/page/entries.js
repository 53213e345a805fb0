// The index, which comes with the page, and how the views find their way in it.

const OVERALL = "R";
const board = { index: null, entries: [], byFile: new Map(), views: new Map() };

async function readIndex() {
  board.index = await unpack(byId("packed-index").textContent);
  board.entries = board.index.entries;
  board.byFile = new Map(board.entries.map((entry) => [entry.file, entry]));
  board.views = new Map(board.index.views.map((view) => [view.view, view]));
  for (const view of board.views.values()) view.at = new Map(view.columns.map((name, place) => [name, place]));
}

const isModel = (entry) => entry.kind !== "reference";
const nameOf = (entry) => (entry.kind === "standard" ? entry.model : `${entry.model} (${entry.kind})`);  // a model may be there as both
const firstView = () => (board.views.has(OVERALL) ? OVERALL : [...board.views.keys()][0]);

function viewTitle(name) {
  return name === OVERALL ? `R: ${board.index.core.map(shortTask).join(" + ")}` : name;
}

// A task's name without what all of them share.
function shortTask(task) {
  return task.replace(/^reversed_persona_/, "").replace("_reversed_persona", "");
}

function cellOf(view, entry, column) {
  const cells = view.cells[entry.file];
  const place = view.at.get(column);
  return cells === undefined || place === undefined ? null : cells[place];
}

const hasRun = (view, entry) => entry.file in view.cells;
const placesOf = (view, entry) => view.places[entry.file] || [];

// The column that a view is about: R, or reversal, or else its first interval.
function mainColumn(view) {
  const named = ["R", "reversal"].find((name) => view.at.has(name));
  const isInterval = (name) => Object.values(view.cells).some((cells) => Array.isArray(cells[view.at.get(name)]));
  return named || view.columns.find(isInterval) || view.columns.find((name) => name !== "n") || "n";
}

// By file, how it stands to an entry: "=" not separated, "+" the entry is better, "-" it is worse.
function standingTo(view, file) {
  const signs = view.against[file] || "";
  return new Map(view.ranked.map((other, place) => [other, signs[place]]).filter(([, sign]) => sign));
}
