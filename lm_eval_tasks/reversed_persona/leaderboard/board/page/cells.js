// A cell of the index: a number, a text, null, [estimate, low, high], {value, stderr}, {first, last} or {low, high}.

const ADJUSTED = ["p", "p_holm", "p_bh"];
const isInterval = (cell) => Array.isArray(cell);

function figure(value, column = "") {
  if (Number.isInteger(value) && (Math.abs(value) > 1 || column === "n" || column === "difficulty")) return String(value);
  if (ADJUSTED.includes(column)) return value < 0.001 ? "<0.001" : value.toFixed(3);
  return value.toFixed(3).replace(/^-(0\.0+)$/, "$1").replace("-", "−");
}

function cellText(cell, column = "") {
  if (cell === null || cell === undefined) return "-";
  if (isInterval(cell)) return `${figure(cell[0])} [${figure(cell[1])}, ${figure(cell[2])}]`;
  if (typeof cell === "number") return figure(cell, column);
  if (typeof cell !== "object") return column === "discordant" ? cell.replace(":", " : ") : String(cell);
  if ("first" in cell) return cell.first === cell.last ? String(cell.first) : `${cell.first}–${cell.last}`;
  if ("value" in cell) return figure(cell.value) + (cell.stderr === null ? "" : ` ± ${figure(cell.stderr)}`);
  const [low, high] = [figure(cell.low), figure(cell.high)];
  return low === high ? low : `${low} to ${high}`;
}

// What a cell is sorted by; "" for what was not measured.
function cellKey(cell) {
  if (cell === null || cell === undefined) return "";
  if (isInterval(cell)) return cell[0];
  if (typeof cell !== "object") return cell;
  if ("first" in cell) return cell.first + cell.last / 1e6;
  return "value" in cell ? cell.value : cell.low;
}

// A cell's figures for a file: by what is put behind the column's name.
function cellFigures(cell) {
  if (isInterval(cell)) return { "": cell[0], _low: cell[1], _high: cell[2] };
  if (cell === null || typeof cell !== "object") return { "": cell };
  if ("first" in cell) return { _first: cell.first, _last: cell.last };
  return "value" in cell ? { "": cell.value, _stderr: cell.stderr } : { _low: cell.low, _high: cell.high };
}

function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// An interval as a line with a tick, on a scale from -end to end: a dot would cover it.
function intervalBar(cell, end, width = 84) {
  const x = (value) => ((value / end + 1) / 2) * (width - 8) + 4;
  return drawn("svg", { class: "interval", width, height: 14, viewBox: `0 0 ${width} 14`, "aria-hidden": "true" },
    drawn("line", { class: "frame", x1: x(-end), x2: x(end), y1: 7, y2: 7 }),
    drawn("line", { class: "zero", x1: x(0), x2: x(0), y1: 1, y2: 13 }),
    drawn("line", { class: "range", x1: x(cell[1]), x2: x(cell[2]), y1: 7, y2: 7 }),
    drawn("line", { class: "estimate", x1: x(cell[0]), x2: x(cell[0]), y1: 2, y2: 12 }));
}

// How far the scale of a column's bars goes to both sides; 0 for no bars.
function endOfBars(column) {
  if (column === "difference") return 2;
  return column === "R" || column === "R_faithful" || column.startsWith("reversal") ? 1 : 0;
}

// A cell's nodes: an interval's limits are read aloud and shown on pointing, and drawn where it is a reversal.
function cellNodes(cell, column) {
  if (!isInterval(cell)) return [cellText(cell, column)];
  const limits = element("span", { class: "limits" }, ` [${figure(cell[1])}, ${figure(cell[2])}]`);
  const end = endOfBars(column);
  return [figure(cell[0]), limits, ...(end ? [" ", intervalBar(cell, end)] : [])];
}
