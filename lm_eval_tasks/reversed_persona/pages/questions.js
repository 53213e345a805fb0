// The answers of one or two models, question by question: a list with filters, sorting and search, and the one chosen.
// A page gives `browser` its tasks, and says where their questions come from and what an address keeps.

const FILTERS = {
  all: ["all questions", () => true],
  solved: ["solved as low", (q) => q.low.some((one) => one.status === "correct")],
  flipped: ["flipped as low", (q) => q.low.some((one) => one.flip)],
  silent: ["silent as low", (q) => q.low.some((one) => one.status === "unanswered")],
  failed: ["not solved as high", (q) => q.high.some((one) => one.status !== "correct")],
  differ: ["models disagree", (q) => q.differ],
};
const SORTS = {
  asked: ["as asked", () => 0],
  hardest: ["hardest first", (a, b) => b.problem.difficulty - a.problem.difficulty],
  easiest: ["easiest first", (a, b) => a.problem.difficulty - b.problem.difficulty],
  reversal: ["lowest reversal first", (a, b) => a.reversal - b.reversal],
  id: ["by name", (a, b) => a.problem.problem_id.localeCompare(b.problem.problem_id, undefined, { numeric: true })],
};
const browser = {
  tasks: [],  // {task, models, arms}
  read: async (task) => ({ problems: [], answers: [] }),
  address: (state) => `#${queryOf(state, browser.plain())}`,
  plain: () => ({ filter: "all", sort: "asked", task: browser.tasks[0].task }),
  isOpen: () => true,  // whether the address is the browser's to set
};
const state = { q: "", filter: "all", sort: "asked", find: "", task: "" };
let loaded = { task: null, questions: [], shown: [] };

const isArm = (persona, arm) => arm === persona || arm.startsWith(persona + "_");
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

function questionOf(task, problem, answersOfModels) {
  const answers = answersOfModels.map((of) => of[problem.problem_id] || {});  // by model, arm: responses
  const of = (persona) => answers.flatMap((arms) => Object.keys(arms).filter((arm) => isArm(persona, arm)).flatMap((arm) => arms[arm]));
  const high = of("high"), low = of("low");
  const statuses = answers.map((arms) => JSON.stringify(Object.keys(task.arms).map((arm) => (arms[arm] || []).map((one) => one.status))));
  const said = answers.flatMap((arms) => Object.values(arms).flat()).flatMap((one) => one.parts.join(""));
  return {
    problem, answers, high, low,
    differ: answers.length > 1 && statuses.some((one) => one !== statuses[0]),
    reversal: mean(high.map((one) => Number(one.status === "correct"))) + mean(low.map((one) => Number(one.status === "wrong"))) - 1,
    text: [problem.problem_id, problem.question, problem.gold, problem.subject, ...said].join("\n").toLowerCase(),
  };
}

// Return whether it is still what is wanted once it has come.
async function load(name) {
  const task = browser.tasks.find((one) => one.task === name) || browser.tasks[0];
  if (loaded.task === task) return true;
  const { problems, answers } = await browser.read(task);
  if (state.task !== task.task || !browser.tasks.includes(task)) return false;
  const questions = problems.map((problem) => questionOf(task, problem, answers));
  loaded = { task, questions, shown: [] };
  const crossed = questions.some((q) => q.low.length > 0);
  const known = Object.keys(FILTERS).filter((name) => name === "all" || (name === "differ" ? task.models.length > 1 : crossed));
  fill(byId("filter"), known.map((name) => [name, `${FILTERS[name][0]} (${questions.filter(FILTERS[name][1]).length})`]));
  const sorts = Object.keys(SORTS).filter((name) => name !== "reversal" || crossed);
  fill(byId("sort"), sorts.map((name) => [name, SORTS[name][0]]));
  return true;
}

function signs(question) {
  const shown = element("span", { class: "signs", "aria-hidden": "true" });
  for (const arms of question.answers) {
    const group = element("span");
    for (const arm of Object.keys(loaded.task.arms)) {
      for (const one of (arms[arm] || []).slice(0, 1)) group.append(element("span", { class: one.status }, SIGNS[one.status]));
    }
    shown.append(group);
  }
  return shown;
}

function describe(question) {
  const parts = question.answers.map((arms, place) => {
    const said = Object.keys(loaded.task.arms).filter((arm) => arms[arm]).map((arm) => `${arm} ${arms[arm][0].status}`);
    return `${loaded.task.models[place]}: ${said.join(", ")}`;
  });
  return `${question.problem.problem_id}. ${parts.join("; ")}`;
}

function showList() {
  const wanted = state.find.trim().toLowerCase();
  const { questions } = loaded;
  const kept = questions.filter((q) => FILTERS[state.filter][1](q) && q.text.includes(wanted));
  loaded.shown = kept.sort(SORTS[state.sort][1]);
  byId("list").replaceChildren(...loaded.shown.map((question) => {
    const button = element("button", { type: "button", tabindex: "-1", "aria-label": describe(question) });
    button.append(element("span", { class: "id" }, question.problem.problem_id, signs(question)));
    button.append(element("span", { class: "gist" }, question.problem.question.slice(0, 90)));
    button.addEventListener("click", () => choose(question.problem.problem_id));
    return element("li", {}, button);
  }));
  byId("count").textContent = `${loaded.shown.length} of ${questions.length} questions`;
}

function place() {
  return loaded.shown.findIndex((question) => question.problem.problem_id === state.q);
}

function choose(id, focus = false) {
  state.q = id;
  mark(id, focus);
  showQuestion(loaded.questions.find((question) => question.problem.problem_id === id));
  remember();
}

function mark(id, focus) {
  const buttons = [...byId("list").querySelectorAll("button")];
  const at = place();
  buttons.forEach((button, other) => {
    button.tabIndex = other === Math.max(at, 0) ? 0 : -1;
    if (other === at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  if (at < 0) return;
  const list = byId("list"), button = buttons[at];
  const box = button.getBoundingClientRect(), frame = list.getBoundingClientRect();
  if (box.top < frame.top) list.scrollTop += box.top - frame.top - 8;
  if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom + 8;
  if (focus) button.focus({ preventScroll: true });
}

function showQuestion(question) {
  const shown = byId("question");
  if (!question) {
    shown.replaceChildren(element("p", {}, state.q ? `No question is called ${state.q} here.` : "No question is shown."));
    return;
  }
  const link = element("a", { href: browser.address(state) }, "link");
  const head = element("h3", {}, question.problem.problem_id, " ", link);
  const sections = armSections(loaded.task.arms, loaded.task.models, question.answers);
  shown.replaceChildren(head, problemBox(question.problem), ...sections);
}

// ---- permalinks

let ours = "";
function remember() {
  if (!browser.isOpen()) return;
  ours = browser.address(state);
  if (location.hash !== ours) location.replace(ours);
  const link = byId("question").querySelector("h3 a");
  if (link) link.setAttribute("href", ours);
}

// Take up what an address asks for, and return the question that it names; null where something else is wanted by now.
async function follow(asked) {
  state.task = browser.tasks.some((one) => one.task === asked.task) ? asked.task : browser.tasks[0].task;
  if (!(await load(state.task))) return null;
  const known = (id, value, otherwise) => ([...byId(id).options].some((one) => one.value === value) ? value : otherwise);
  state.filter = known("filter", asked.filter, "all");
  state.sort = known("sort", asked.sort, "asked");
  state.find = asked.find || "";
  for (const name of ["task", "filter", "sort", "find"]) byId(name).value = state[name];
  showList();
  return asked.q || "";
}

function showFirst() {
  showList();
  choose(place() >= 0 ? state.q : loaded.shown.length ? loaded.shown[0].problem.problem_id : "");
}

// The address stays as it was until something is chosen.
function showWithoutChoosing(id) {
  state.q = id;
  showQuestion(loaded.questions.find((question) => question.problem.problem_id === id));
  const first = byId("list").querySelector("button");
  if (first) { first.tabIndex = 0; first.setAttribute("aria-current", "true"); }
}

function step(by) {
  const to = Math.min(Math.max(place() + by, 0), loaded.shown.length - 1);
  if (loaded.shown[to]) choose(loaded.shown[to].problem.problem_id, true);
}

function onKey(event) {
  if (!byId("list") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  const inList = byId("list").contains(event.target);
  const steps = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity } : {}) };
  if (event.key in steps) step(steps[event.key]);
  else if (event.key === "/") byId("find").focus();
  else return;
  event.preventDefault();
}

// Make the form of a browser work; keys are the whole page's, see onKey.
function listenToControls() {
  fill(byId("task"), browser.tasks.map((one) => [one.task, one.task]));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["filter", "sort"]) {
    byId(name).addEventListener("change", (event) => { state[name] = event.target.value; showFirst(); });
  }
  byId("task").addEventListener("change", async (event) => {
    Object.assign(state, { task: event.target.value, filter: "all", sort: "asked", q: "" });
    if (await load(state.task)) showFirst();
  });
  let waiting;
  byId("find").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.find = event.target.value; showFirst(); }, 150);
  });
}
