// Two entries side by side: the paired difference of their reversals, and the questions with both answers.

let pairShown = "";

async function drawPair(isLast) {
  const entries = board.entries;
  const one = board.byFile.get(here.one), other = board.byFile.get(here.other) === one ? undefined : board.byFile.get(here.other);
  const names = entries.map((entry) => [entry.file, nameOf(entry)]);
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
    pairShown = "";
    byId("reading").hidden = true;  // until the answers are those of this pair
    byId("pair").replaceChildren(element("p", {}, "Reading …"));
    const differences = other ? await differencesOf(one, other) : [element("p", {}, "The answers of ", element("a", { href: modelAddress(one) }, nameOf(one)), ". Choose a second model to see both side by side.")];
    if (!isLast()) return;
    byId("pair").replaceChildren(...differences);
    openBrowser(one, other);
    pairShown = pair;
  }
  if (!browser.tasks.length) return;
  const wanted = await follow({ filter: other ? "differ" : "all", ...here });
  if (wanted !== null && isLast()) choose(wanted || firstListed());
}

const firstListed = () => (loaded.shown.length ? loaded.shown[0].problem.problem_id : "");

async function differencesOf(one, other) {
  const { pairs } = await data(`entry-${one.file}`);
  const views = [...board.views.values()].filter((view) => hasRun(view, one) && hasRun(view, other));
  const rows = views.filter((view) => pairs[view.view] && pairs[view.view][other.file]).map((view) => {
    const [estimate, low, high, p] = pairs[view.view][other.file];
    const main = mainColumn(view);
    return [view.view === OVERALL ? OVERALL : shortTask(view.view), cellOf(view, one, main), cellOf(view, other, main), [estimate, low, high], p, verdictOf(view, one, other)];
  });
  const title = element("p", { class: "versus" }, element("a", { href: modelAddress(one) }, nameOf(one)), " and ", element("a", { href: modelAddress(other) }, nameOf(other)));
  if (!rows.length) return [title, element("p", {}, "They have no task in common in which both played high and low.")];
  const names = ["table", nameOf(one), nameOf(other), "difference", "p", "reading"];
  const nodes = (cell, name) => (isInterval(cell) ? cellNodes(cell, name === "difference" ? name : "reversal") : null);
  const note = "Reversal with 95 % intervals. Difference: the first minus the second, paired over the same questions, on a scale from −2 to 2. p: adjusted for all pairs of ranked models (max-T); “-” where one of the two is not ranked.";
  return [title, plainTable(names, rows, cellText, nodes), element("p", { class: "small" }, note)];
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
  browser.tasks = tasks.sort((a, b) => core(a) - core(b)).map((task) => ({ task, models: both.map(nameOf), arms: board.index.tasks[task].arms }));
  browser.read = async ({ task }) => {
    const [problems, ...answers] = await Promise.all([data(`problems-${board.index.tasks[task].problems}`), ...both.map((entry) => data(`answers-${entry.file}-${task}`))]);
    return { problems: problems.filter((problem) => answers.some((of) => of[problem.problem_id])), answers };
  };
  browser.isOpen = () => here.view === "pair";
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
