// Every question of a task and every entry that has run it: one small square each, drawn on a canvas.

const OUTCOMES = { c: "correct", w: "wrong", f: "wrong, behind the right working", u: "unanswered", m: "hangs on the repeat" };
const PLAYED = { p: "plays both: right as high, wrong as low", h: "right as high and as low: too good", l: "wrong or silent as high, wrong as low", s: "silent as low", m: "hangs on the repeat", o: "neither" };
const BOTH = "both";
const ROW = 18, LEAST = 3;
let matrixShown = null;

async function drawMatrix(isLast) {
  const tasks = Object.keys(board.index.tasks).filter((task) => board.views.has(task));
  const frame = byId("matrix");
  if (!tasks.length) { frame.replaceChildren(element("p", {}, "No task has been run yet.")); return; }
  fill(byId("matrix-task"), tasks.map((task) => [task, task]));
  const filters = filtersOf(here);
  const task = tasks.includes(here.task) ? here.task : tasks.includes(filters.over) ? filters.over : tasks[0];
  byId("matrix-task").value = task;
  const { problems, letters } = await data(`verdicts-${task}`);
  const texts = await data(`problems-${board.index.tasks[task].problems}`);
  if (!isLast()) return;
  const arms = Object.keys(board.index.tasks[task].arms);
  const choices = [...(arms.includes("high") && arms.includes("low") ? [[BOTH, "high and low together"]] : []), ...arms.map((arm) => [arm, `as ${arm}`])];
  fill(byId("matrix-arm"), choices);
  const arm = choices.some(([value]) => value === here.arm) ? here.arm : choices[0][0];
  byId("matrix-arm").value = arm;
  const order = ["asked", "difficulty", "common"].includes(here.order) ? here.order : "common";
  fill(byId("matrix-order"), [["common", "by how many models"], ["difficulty", "by difficulty"], ["asked", "as asked"]]);
  byId("matrix-order").value = order;
  const entries = shownEntries({ ...filters, over: task }).filter((entry) => letters[entry.file]);
  const view = board.views.get(task);
  const kinds = Object.keys(board.index.texts.kinds);
  entries.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || inOrder(cellKey(cellOf(view, a, mainColumn(view))), cellKey(cellOf(view, b, mainColumn(view))), true, true));
  showMatrix({ task, arm, entries, problems, texts, order, rows: entries.map((entry) => outcomesOf(letters[entry.file], arm)) });
}

// One letter a question: of an arm, or of high and low together.
function outcomesOf(letters, arm) {
  if (arm !== BOTH) return letters[arm];
  return Array.from(letters.high, (high, place) => {
    const low = letters.low[place], wrong = low === "w" || low === "f";
    if (low === "u") return "s";
    if (low === "m" || high === "m") return "m";
    return high === "c" ? (wrong ? "p" : "h") : wrong ? "l" : "o";
  }).join("");
}

function orderOf({ problems, texts, order, rows, entries, arm }) {
  const places = problems.map((_, place) => place);
  if (order === "difficulty") {
    const difficulty = new Map(texts.map((problem) => [problem.problem_id, problem.difficulty]));
    return places.sort((a, b) => difficulty.get(problems[a]) - difficulty.get(problems[b]) || a - b);
  }
  if (order !== "common") return places;
  const wanted = arm === BOTH ? "p" : "c";
  const models = rows.filter((_, place) => isModel(entries[place]));
  const count = places.map((place) => models.filter((row) => row[place] === wanted).length);
  return places.sort((a, b) => count[b] - count[a] || a - b);
}

function showMatrix(shown) {
  const { arm, entries, problems, rows, task } = shown;
  const columns = orderOf(shown), meanings = arm === BOTH ? PLAYED : OUTCOMES;
  const frame = byId("matrix");
  if (!entries.length) { frame.replaceChildren(element("p", {}, "No row that is shown has run this task.")); return; }
  const said = element("p", { class: "said", role: "status" }, "Point at a square, or move with the arrow keys; a press or Enter opens the answers.");
  const names = element("div", { class: "names" }, ...entries.map((entry) => element("a", { href: modelAddress(entry) }, nameOf(entry))));
  const canvas = element("canvas", { tabindex: "0", role: "application", "aria-label": `${entries.length} rows, ${problems.length} questions of ${task}. Arrow keys move, Enter opens the answers.` });
  const grid = element("div", { class: "scroll matrix", tabindex: "-1" }, names, canvas);
  const counts = countsTable(entries, rows, meanings);
  frame.replaceChildren(legendOf(meanings), said, grid, element("details", {}, element("summary", {}, "Numbers"), counts));
  const cell = Math.max(LEAST, Math.floor((grid.clientWidth - names.offsetWidth) / problems.length));
  matrixShown = { ...shown, columns, canvas, said, meanings, cell, at: { row: 0, column: 0 } };
  paint();
  canvas.addEventListener("pointermove", (event) => pointAt(...squareAt(event)));
  canvas.addEventListener("click", (event) => { pointAt(...squareAt(event)); openSquare(); });
  canvas.addEventListener("keydown", onMatrixKey);
  canvas.addEventListener("focus", () => pointAt(matrixShown.at.row, matrixShown.at.column));
}

// One dot a square, then enlarged: two hundred models and a thousand questions are a quarter of a million squares.
function paint() {
  const { rows, columns, canvas, meanings, cell } = matrixShown;
  const style = getComputedStyle(document.documentElement);
  const colours = new Map(Object.keys(meanings).map((letter) => [letter, rgbOf(style.getPropertyValue(`--cell-${letter}`))]));
  const image = new ImageData(columns.length, rows.length);
  const dots = new Uint32Array(image.data.buffer);
  rows.forEach((row, y) => columns.forEach((place, x) => { dots[y * columns.length + x] = colours.get(row[place]); }));
  const small = element("canvas", { width: columns.length, height: rows.length });
  small.getContext("2d").putImageData(image, 0, 0);
  canvas.width = columns.length * cell;
  canvas.height = rows.length * ROW;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  pen.fillStyle = style.getPropertyValue("--page");
  rows.forEach((_, y) => pen.fillRect(0, y * ROW + ROW - 2, canvas.width, 2));
}

function rgbOf(colour) {
  const [r, g, b] = [1, 3, 5].map((from) => parseInt(colour.trim().slice(from, from + 2), 16));
  return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
}

function squareAt(event) {
  const box = matrixShown.canvas.getBoundingClientRect();
  return [Math.floor((event.clientY - box.top) / ROW), Math.floor((event.clientX - box.left) / matrixShown.cell)];
}

function pointAt(row, column) {
  const { entries, rows, columns, problems, meanings, said } = matrixShown;
  const at = { row: Math.min(Math.max(row, 0), rows.length - 1), column: Math.min(Math.max(column, 0), columns.length - 1) };
  matrixShown.at = at;
  const place = columns[at.column];
  said.textContent = `${nameOf(entries[at.row])}, ${problems[place]}: ${meanings[rows[at.row][place]]}`;
}

function openSquare() {
  const { entries, columns, problems, task, at } = matrixShown;
  location.hash = pairAddress(entries[at.row], null, { task, q: problems[columns[at.column]] });
}

function onMatrixKey(event) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageDown: [0, 50], PageUp: [0, -50], Home: [0, -Infinity], End: [0, Infinity] };
  if (event.key === "Enter") openSquare();
  else if (steps[event.key]) {
    pointAt(matrixShown.at.row + steps[event.key][0], matrixShown.at.column + steps[event.key][1]);
    ring();
  } else return;
  event.preventDefault();
}

// A ring around the square that the keys have reached, kept in sight.
function ring() {
  paint();
  const { canvas, at, cell } = matrixShown, pen = canvas.getContext("2d");
  pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--text");
  pen.lineWidth = 2;
  pen.strokeRect(at.column * cell - 2, at.row * ROW - 1, cell + 4, ROW);
  const frame = canvas.parentElement, names = frame.firstElementChild.offsetWidth, x = at.column * cell;
  if (x < frame.scrollLeft) frame.scrollLeft = x - 40;
  if (x + names + cell > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = x + names + 40 - frame.clientWidth;
}

function legendOf(meanings) {
  return element("ul", { class: "legend" }, ...Object.entries(meanings).map(([letter, meaning]) => element("li", {}, element("span", { class: `square square-${letter}` }), meaning)));
}

function countsTable(entries, rows, meanings) {
  const letters = Object.keys(meanings);
  const lines = rows.map((row, place) => [nameOf(entries[place]), ...letters.map((letter) => row.split(letter).length - 1)]);
  return plainTable(["model", ...letters.map((letter) => meanings[letter])], lines, (cell) => String(cell));
}
