// Two entries side by side: the paired difference of their reversals, and the questions with both answers.

let pairShown = "";

async function drawPair() {
  const entries = board.entries;
  const one = board.byFile.get(here.one), other = board.byFile.get(here.other) === one ? undefined : board.byFile.get(here.other);
  const names = entries.map((entry) => [entry.file, entry.kind === "standard" ? entry.model : `${entry.model} (${entry.kind})`]);
  fill(byId("one"), [["", "choose a model"], ...names]);
  fill(byId("other"), [["", "nobody"], ...names.filter(([file]) => !one || file !== one.file)]);
  byId("one").value = one ? one.file : "";
  byId("other").value = other ? other.file : "";
  byId("swap").disabled = !one || !other;
  const pair = one ? `${one.file} ${other ? other.file : ""}` : "";
  if (!one) {
    pairShown = "";
    byId("reading").hidden = true;
    byId("pair").replaceChildren(element("p", {}, "Choose a model to read its answers, and a second one to see both side by side."));
    return;
  }
  if (pair !== pairShown) {
    pairShown = pair;
    if (other) await showDifferences(one, other);
    else byId("pair").replaceChildren(element("p", {}, "The answers of ", element("a", { href: modelAddress(one) }, one.model), ". Choose a second model to see both side by side."));
    if (pairShown !== pair) return;
    openBrowser(one, other);
  }
  if (browser.tasks.length) choose((await follow({ filter: other ? "differ" : "all", ...here })) || firstListed());
}

const firstListed = () => (loaded.shown.length ? loaded.shown[0].problem.problem_id : "");

async function showDifferences(one, other) {
  const { pairs } = await data(`entry-${one.file}`);
  const views = [...board.views.values()].filter((view) => hasRun(view, one) && hasRun(view, other));
  const rows = views.filter((view) => pairs[view.view] && pairs[view.view][other.file]).map((view) => {
    const [estimate, low, high, p] = pairs[view.view][other.file];
    const main = mainColumn(view);
    return [view.view === OVERALL ? OVERALL : shortTask(view.view), cellOf(view, one, main), cellOf(view, other, main), [estimate, low, high], p, verdictOf(view, one, other)];
  });
  const title = element("p", { class: "versus" }, element("a", { href: modelAddress(one) }, one.model), " and ", element("a", { href: modelAddress(other) }, other.model));
  if (!rows.length) {
    byId("pair").replaceChildren(title, element("p", {}, "They have no task in common in which both played high and low."));
    return;
  }
  const names = ["table", one.model, other.model, "difference", "p", "reading"];
  const nodes = (cell, name) => (isInterval(cell) ? cellNodes(cell, name === "difference" ? name : "reversal") : null);
  const note = "Reversal with 95 % intervals. Difference: the first minus the second, paired over the same questions, on a scale from −2 to 2. p: adjusted for all pairs of ranked models (max-T); “-” where one of the two is not ranked.";
  byId("pair").replaceChildren(title, plainTable(names, rows, cellText, nodes), element("p", { class: "small" }, note));
}

function verdictOf(view, one, other) {
  const sign = standingTo(view, one.file).get(other.file);
  if (!sign) return "not ranked: nothing is said of the two";
  return sign === "=" ? "not separated" : `${sign === "+" ? one.model : other.model} is better`;
}

// ---- their answers

function openBrowser(one, other) {
  const both = [one, other].filter(Boolean);
  const tasks = Object.keys(board.index.tasks).filter((task) => both.every((entry) => entry.tasks.includes(task)));
  const core = (task) => !board.index.core.includes(task);
  browser.tasks = tasks.sort((a, b) => core(a) - core(b)).map((task) => ({ task, models: both.map((entry) => entry.model), arms: board.index.tasks[task].arms }));
  browser.read = async ({ task }) => {
    const [problems, ...answers] = await Promise.all([data(`problems-${board.index.tasks[task].problems}`), ...both.map((entry) => data(`answers-${entry.file}-${task}`))]);
    return { problems: problems.filter((problem) => answers.some((of) => of[problem.problem_id])), answers };
  };
  browser.plain = () => ({ filter: "all", sort: "asked", task: browser.tasks[0].task, ...(other ? { filter: "differ" } : {}) });
  browser.address = (kept) => {
    here = { view: "pair", one: one.file, other: other ? other.file : "", ...kept };
    drawnAddress = `#${queryOf(here, browser.plain())}`;
    return drawnAddress;
  };
  loaded = { task: null, questions: [], shown: [] };
  byId("reading").hidden = !browser.tasks.length;
  fill(byId("task"), browser.tasks.map((one) => [one.task, one.task]));
}
