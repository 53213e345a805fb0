"use strict";
// Everything that models and problems say goes into the page as textContent, never as HTML.
const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// ---- tables: headings sort, one field finds rows in all of them

function sortBy(heading) {
  const table = heading.closest("table");
  const column = [...heading.parentElement.children].indexOf(heading);
  const isNumber = heading.classList.contains("number");
  const before = heading.getAttribute("aria-sort");
  const down = before ? before === "ascending" : isNumber;  // numbers: the largest first
  for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => row.children[column].dataset.v;
  const rows = [...table.tBodies[0].rows];
  rows.sort((one, other) => {
    const a = key(one), b = key(other);
    if (a === "" || b === "") return (a === "") - (b === "");  // what was not measured stands last
    const order = isNumber ? Number(a) - Number(b) : a.localeCompare(b, undefined, { numeric: true });
    return down ? -order : order;
  });
  table.tBodies[0].append(...rows);
}

for (const heading of document.querySelectorAll("table.sortable thead th")) {
  heading.firstElementChild.addEventListener("click", () => sortBy(heading));
}

byId("find-model").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  let shown = 0, all = 0;
  for (const row of document.querySelectorAll("#summary tbody tr")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    all += 1;
    shown += !row.hidden;
  }
  byId("found-models").textContent = wanted ? `${shown} of ${all} rows` : "";
});

// ---- single questions

const SIGNS = { correct: "✓", wrong: "✗", unanswered: "–" };
const TASKS = JSON.parse(byId("browser-data").textContent).tasks;
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
const state = { task: "", filter: "all", sort: "asked", find: "", q: "" };
let loaded = { task: null, questions: [], shown: [] };

async function unpack(task) {
  const packed = Uint8Array.from(atob(byId(task.packed).textContent), (sign) => sign.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(plain).json();
}

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

async function load(name) {
  const task = TASKS.find((one) => one.task === name) || TASKS[0];
  if (loaded.task === task) return;
  const { problems, answers } = await unpack(task);
  const questions = problems.map((problem) => questionOf(task, problem, answers));
  loaded = { task, questions, shown: [] };
  const crossed = questions.some((q) => q.low.length > 0);
  const known = Object.keys(FILTERS).filter((name) => name === "all" || (name === "differ" ? task.models.length > 1 : crossed));
  fill(byId("filter"), known.map((name) => [name, `${FILTERS[name][0]} (${questions.filter(FILTERS[name][1]).length})`]));
  const sorts = Object.keys(SORTS).filter((name) => name !== "reversal" || crossed);
  fill(byId("sort"), sorts.map((name) => [name, SORTS[name][0]]));
}

function fill(select, options) {
  select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
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
  const buttons = [...byId("list").querySelectorAll("button")];
  const at = place();
  buttons.forEach((button, other) => {
    button.tabIndex = other === Math.max(at, 0) ? 0 : -1;
    if (other === at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  if (at >= 0) {
    const list = byId("list"), button = buttons[at];
    const box = button.getBoundingClientRect(), frame = list.getBoundingClientRect();
    if (box.top < frame.top) list.scrollTop += box.top - frame.top - 8;
    if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom + 8;
    if (focus) button.focus({ preventScroll: true });
  }
  showQuestion(loaded.questions.find((question) => question.problem.problem_id === id));
  remember();
}

function answerBox(model, one) {
  const box = element("div", { class: "answer" }, element("h5", {}, model));
  const verdict = element("p", { class: "verdict" });
  const reason = one.reason ? ` (${one.reason.replaceAll("_", " ")})` : "";
  verdict.append(element("strong", { class: one.status }, `${SIGNS[one.status]} ${one.status}${reason}`));
  if (one.answer !== null) verdict.append(element("span", { class: "chip" }, `answer ${one.answer.slice(0, 80)}`), " ");
  if (one.flip) verdict.append(element("span", { class: "chip", title: "the right answer stands in the working" }, "flipped"), " ");
  if (one.derived) verdict.append(element("span", { class: "chip", title: "the answer is a result of the working" }, "derived"), " ");
  box.append(verdict);
  const [before, marked, after] = one.parts;
  const text = element("p", { class: "text" }, before);
  if (marked) text.append(element("mark", {}, marked));
  text.append(after);
  if (one.parts.join("").trim()) box.append(text);
  else box.append(element("p", { class: "small" }, one.hidden ? "Nothing but thinking." : "An empty reply."));
  if (one.hidden) box.append(element("p", { class: "small" }, `${one.hidden.toLocaleString("en")} characters of thinking are left out.`));
  return box;
}

function showQuestion(question) {
  const shown = byId("question");
  if (!question) {
    shown.replaceChildren(element("p", {}, state.q ? `No question is called ${state.q} here.` : "No question is shown."));
    return;
  }
  const { problem } = question;
  const link = element("a", { href: "#" + permalink() }, "link");
  const about = [problem.subject, problem.difficulty ? `difficulty ${problem.difficulty}` : ""].filter(Boolean).join(", ");
  const head = element("h3", {}, problem.problem_id, " ", link);
  const box = element("div", { class: "problem" }, element("p", { class: "text" }, problem.question));
  box.append(element("p", { class: "text" }, element("strong", {}, "Gold: "), problem.gold));
  if (about) box.append(element("p", { class: "small" }, about));
  shown.replaceChildren(head, box);
  for (const [arm, expected] of Object.entries(loaded.task.arms)) {
    const heading = element("h4", {}, `as ${arm} `);
    if (expected !== null) heading.append(element("span", {}, `expected accuracy ${expected}`));
    const answers = element("div", { class: "answers" });
    question.answers.forEach((arms, model) => {
      const given = arms[arm] || [];
      if (!given.length) answers.append(element("div", { class: "answer" }, element("h5", {}, loaded.task.models[model]), "was not asked"));
      given.forEach((one, repeat) => {
        answers.append(answerBox(loaded.task.models[model] + (given.length > 1 ? `, repeat ${repeat + 1}` : ""), one));
      });
    });
    shown.append(element("section", { class: "arm" }, heading, answers));
  }
}

// ---- permalinks

function permalink() {
  const kept = { q: state.q, filter: state.filter, sort: state.sort, find: state.find, task: state.task };
  const plain = { filter: "all", sort: "asked", task: TASKS[0].task };
  return Object.entries(kept).filter(([name, value]) => value && value !== plain[name])
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed ? value.toWellFormed() : value)}`).join("&");
}

let ours = "";
function remember() {
  ours = "#" + permalink();
  if (location.hash !== ours) location.replace(ours);
  const link = byId("question").querySelector("h3 a");
  if (link) link.setAttribute("href", ours);
}

async function follow() {
  const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  state.task = TASKS.some((one) => one.task === asked.task) ? asked.task : TASKS[0].task;
  await load(state.task);
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

function step(by) {
  const to = Math.min(Math.max(place() + by, 0), loaded.shown.length - 1);
  if (loaded.shown[to]) choose(loaded.shown[to].problem.problem_id, true);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  const inList = byId("list").contains(event.target);
  const steps = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity } : {}) };
  if (event.key in steps) step(steps[event.key]);
  else if (event.key === "/") byId("find").focus();
  else return;
  event.preventDefault();
}

function start() {
  fill(byId("task"), TASKS.map((one) => [one.task, one.task]));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["filter", "sort"]) {
    byId(name).addEventListener("change", (event) => { state[name] = event.target.value; showFirst(); });
  }
  byId("task").addEventListener("change", async (event) => {
    Object.assign(state, { task: event.target.value, filter: "all", sort: "asked", q: "" });
    await load(state.task);
    showFirst();
  });
  let waiting;
  byId("find").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.find = event.target.value; showFirst(); }, 150);
  });
  document.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", async () => {
    if (location.hash !== ours && location.hash.includes("=")) choose(await follow());
  });
  openFirst();
}

async function openFirst() {
  const linked = location.hash.includes("=");
  const anchor = location.hash;
  const wanted = await follow();
  const id = wanted || (loaded.shown.length ? loaded.shown[0].problem.problem_id : "");
  if (linked) {
    choose(id);
    byId("questions").scrollIntoView();
  } else {  // the address stays as it was until something is chosen
    state.q = id;
    showQuestion(loaded.questions.find((question) => question.problem.problem_id === id));
    const first = byId("list").querySelector("button");
    if (first) { first.tabIndex = 0; first.setAttribute("aria-current", "true"); }
    ours = anchor;
  }
}

if (TASKS.length && typeof DecompressionStream === "undefined") {
  byId("question").textContent = "This browser is too old to unpack the answers (it has no DecompressionStream).";
} else if (TASKS.length) {
  start();
}
