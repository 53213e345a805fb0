// Which entries are shown: the same choice for the ranking, the plots and the matrix.

const B = 1e9;
const SIZES = {
  "4": ["up to 4 B", (n) => n !== null && n <= 4 * B],
  "10": ["over 4 to 10 B", (n) => n > 4 * B && n <= 10 * B],
  "40": ["over 10 to 40 B", (n) => n > 10 * B && n <= 40 * B],
  more: ["over 40 B", (n) => n > 40 * B],
  unknown: ["not known", (n) => n === null],
};
const CHOICES = {  // by field: the choices besides all of them, and the test for one of them
  size: [Object.entries(SIZES).map(([value, [text]]) => [value, text]), (entry, value) => SIZES[value][1](entry.facts.parameters)],
  weights: [[["open", "open"], ["closed", "closed"]], (entry, value) => SAID.weights(entry) === value],
  type: [["standard", "custom", "reference"].map((one) => [one, one]), (entry, value) => entry.kind === value],
  tier: [["recomputed", "reproduced"].map((one) => [one, one]), (entry, value) => entry.tier === value],
  trained: [["yes", "no", "unknown"].map((one) => [one, one]), (entry, value) => entry.facts.trained_on_benchmark === value],
};
const FIELDS = ["over", "search", "size", "weights", "type", "tier", "ran", "trained"];

function fillFilters() {
  fill(byId("over"), [...board.views.keys()].map((name) => [name, name === OVERALL ? viewTitle(name) : shortTask(name)]));
  for (const [name, [choices]] of Object.entries(CHOICES)) fill(byId(name), [["", "all"], ...choices]);
  const tasks = Object.keys(board.index.tasks);
  fill(byId("ran"), [["", "any task"], ...tasks.map((task) => [task, shortTask(task)])]);
  CHOICES.ran = [tasks.map((task) => [task, task]), (entry, value) => entry.tasks.includes(value)];
}

// What an address asks for, without what can't be chosen.
function filtersOf(asked) {
  const kept = { over: board.views.has(asked.over) ? asked.over : firstView(), search: asked.search || "" };
  for (const [name, [choices]] of Object.entries(CHOICES)) {
    kept[name] = choices.some(([value]) => value === asked[name]) ? asked[name] : "";
  }
  return kept;
}

function showFilters(filters) {
  const on = FIELDS.filter((name) => !["over", "search"].includes(name) && filters[name]).length;
  byId("more").textContent = on ? `Filters: ${on} on` : "Filters";
  for (const name of FIELDS) {
    if (byId(name).value !== filters[name]) byId(name).value = filters[name];
  }
}

const textOf = (entry) => [entry.model, entry.kind, entry.tier, ...Object.values(entry.facts)].join("\n").toLowerCase();

function passes(entry, filters) {
  const wanted = filters.search.trim().toLowerCase();
  if (wanted && !textOf(entry).includes(wanted)) return false;
  return Object.entries(CHOICES).every(([name, [, test]]) => !filters[name] || test(entry, filters[name]));
}

// The entries of a table that pass; instruments stay unless something is looked for that they can't have.
function shownEntries(filters) {
  const view = board.views.get(filters.over);
  return view ? board.entries.filter((entry) => hasRun(view, entry) && passes(entry, filters)) : [];
}
