// Which view is shown, and who listens to what.

const VIEWS = { ranking: drawRanking, plots: drawPlots, matrix: drawMatrix, model: drawModel, pair: drawPair, decisions: () => {}, about: () => {}, add: () => {} };
let viewShown = null;
let drawings = 0;

function complain(error) {
  byId("trouble").hidden = false;
  byId("trouble").textContent = error.message;
}

// A view that waits for a file may be left meanwhile: it goes on only as long as nothing was drawn after it.
async function draw() {
  hideMeaning();
  const mine = ++drawings;
  byId("trouble").hidden = true;
  const filters = filtersOf(here);
  showFilters(filters);
  byId("clear").hidden = !FIELDS.some((name) => name !== "over" && filters[name]);
  for (const link of byId("views").children) {
    const view = new URLSearchParams(link.hash.slice(1)).get("view");
    link.setAttribute("href", otherView(view));
    if (view === here.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    await VIEWS[here.view](() => mine === drawings);
  } catch (error) {
    if (mine === drawings) complain(error);
  }
}

// Take up an address: of a link, of the way back, or typed.
async function take() {
  here = asked();
  if (!Object.hasOwn(VIEWS, here.view)) here = { view: "ranking" };
  drawnAddress = location.hash;
  if (here.view !== "pair") { ours = ""; pairShown = ""; }
  const isOther = here.view !== viewShown || (here.view === "model" && here.model !== byId("view-model").dataset.model);
  for (const view of Object.keys(VIEWS)) byId(`view-${view}`).hidden = view !== here.view;
  byId("choosing").hidden = !["ranking", "plots", "matrix"].includes(here.view);
  document.documentElement.dataset.view = here.view;
  byId("view-model").dataset.model = here.model || "";
  const cameFrom = viewShown;
  viewShown = here.view;
  if (here.view === "ranking") showColumns();
  await draw();
  if (isOther && cameFrom !== null) byId(`view-${here.view}`).querySelector("h2").focus();
}

function showColumns() {
  const view = board.views.get(filtersOf(here).over);
  if (view) showChooser(view, here.columns, (columns) => change({ columns }));
}

// What opens and closes, and the way past the head: an address names a view here, so a link to an id would leave it.
function listenToFolds() {
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("main").focus(); });
  byId("more").addEventListener("click", () => {
    const open = byId("filters").classList.toggle("open");
    byId("more").setAttribute("aria-expanded", String(open));
  });
  const chooser = byId("chooser");
  chooser.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !chooser.open) return;
    chooser.open = false;
    chooser.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => { if (!chooser.contains(event.target)) chooser.open = false; });
}

function listen() {
  listenToFolds();
  listenForMeanings();
  byId("choosing").addEventListener("submit", (event) => event.preventDefault());
  for (const name of FIELDS.filter((name) => name !== "search")) {
    byId(name).addEventListener("change", (event) => {
      change(name === "over" ? { over: event.target.value, columns: "", sort: "", down: "", score: "", task: "" } : { [name]: event.target.value });
      if (name === "over") showColumns();
    });
  }
  byId("search").addEventListener("input", (event) => change({ search: event.target.value }));
  byId("clear").addEventListener("click", () => change(Object.fromEntries(FIELDS.filter((name) => name !== "over").map((name) => [name, ""]))));
  byId("download").addEventListener("click", downloadRanking);
  byId("score").addEventListener("change", (event) => change({ score: event.target.value }));
  const kept = { "matrix-task": "task", "matrix-arm": "arm", "matrix-order": "order" };
  for (const [id, name] of Object.entries(kept)) byId(id).addEventListener("change", (event) => change({ [name]: event.target.value }));
  for (const [id, name] of [["one", "one"], ["other", "other"]]) {
    byId(id).addEventListener("change", (event) => { location.hash = addressOf({ view: "pair", one: here.one, other: here.other, [name]: event.target.value }); });
  }
  byId("swap").addEventListener("click", () => { location.hash = addressOf({ view: "pair", one: here.other, other: here.one }); });
  for (const id of ["plotting", "arranging", "pairing"]) byId(id).addEventListener("submit", (event) => event.preventDefault());
  let waiting;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => { if (["plots", "matrix"].includes(here.view)) draw(); }, 200); });
  listenToControls();
  document.addEventListener("keydown", (event) => { if (here.view === "pair") onKey(event); });
  window.addEventListener("hashchange", () => { if (location.hash !== drawnAddress) take(); });
}

async function start() {
  if (!CAN_UNPACK) throw new Error(TOO_OLD);
  await readIndex();
  fillFilters();
  listen();
  await take();
  document.documentElement.dataset.usable = "";
}

start().catch(complain);
