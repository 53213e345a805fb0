// Charts as SVG, made of attributes alone: axes with names, points with intervals, lines.

const ROOM = { left: 58, right: 24, top: 14, bottom: 52 };

function linear(low, high, step) {
  const text = (value) => (Number.isInteger(step) ? figure(value) : value.toFixed(Number.isInteger(step * 10) ? 1 : 2).replace("-", "−"));
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9; k += 1) ticks.push([k * step, text(k * step)]);
  return { at: (value) => (value - low) / (high - low), ticks };
}

function logarithmic(values, text) {
  const low = Math.log10(Math.min(...values)) - 0.15, high = Math.log10(Math.max(...values)) + 0.15;
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const part of high - low > 2 ? [1, 3] : [1, 2, 5]) ticks.push(part * 10 ** power);
  }
  const at = (value) => (Math.log10(value) - low) / (high - low);
  return { at, ticks: ticks.filter((one) => at(one) >= 0 && at(one) <= 1).map((one) => [one, text(one)]) };
}

const DAY = 86_400_000;
const MONTHS_A_STEP = [1, 2, 3, 6, 12, 24, 60];
const dayOf = (value) => Math.floor(value / DAY) * DAY;

// Values are days. A few are ticks themselves; of many, the first days of weeks or of months are.
function days(values) {
  const found = [...new Set(values)].sort((a, b) => a - b);
  const [first, last] = [found[0], found[found.length - 1]];
  const margin = Math.max(DAY, (last - first) * 0.06), low = first - margin, high = last + margin;
  const ticks = found.length <= 4 ? found : last - first <= 45 * DAY ? weeks(first, last) : months(first, last);
  return { at: (value) => (value - low) / (high - low), ticks: ticks.map((one) => [one, new Date(one).toISOString().slice(0, 10)]) };
}

function weeks(first, last) {
  const step = last - first < 6 * DAY ? DAY : 7 * DAY, ticks = [];
  for (let at = first; at <= last; at += step) ticks.push(at);
  return ticks;
}

function months(first, last) {
  const step = MONTHS_A_STEP.find((one) => (last - first) / (30 * DAY) / one <= 7) ?? 120, from = new Date(first), ticks = [];
  for (let month = Math.ceil(from.getUTCMonth() / step) * step, at = 0; at <= last; month += step) {
    at = Date.UTC(from.getUTCFullYear(), month, 1);
    if (at >= first && at <= last) ticks.push(at);
  }
  return ticks;
}

function inSteps(names) {
  const at = (value) => (names.indexOf(value) + 0.5) / names.length;
  return { at, ticks: names.map((name) => [name, String(name)]) };
}

// points: {x, y: [estimate, low, high] or number, name, said, href}; x, y: {name, scale}; extras: SVG made of (x, y).
function chart({ width, height, title, x, y, points, line = false, extras = () => [], named = false }) {
  const wide = width - ROOM.left - ROOM.right, high = height - ROOM.top - ROOM.bottom;
  const atX = (value) => ROOM.left + x.scale.at(value) * wide;
  const atY = (value) => ROOM.top + (1 - y.scale.at(value)) * high;
  const svg = drawn("svg", { class: "chart", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": title });
  svg.append(...axes(x, y, atX, atY, width, height), ...extras(atX, atY));
  const middle = (point) => (Array.isArray(point.y) ? point.y[0] : point.y);
  if (line) svg.append(drawn("polyline", { class: "line", points: points.map((point) => `${atX(point.x)},${atY(middle(point))}`).join(" ") }));
  const labels = named ? roomForLabels(points, atX, atY, middle, width) : new Map();
  for (const point of points) svg.append(pointMark(point, atX(point.x), atY, middle(point), labels.get(point)));
  return svg;
}

function axes(x, y, atX, atY, width, height) {
  const bottom = height - ROOM.bottom, right = width - ROOM.right;
  const made = [];
  for (const [value, text] of y.scale.ticks) {
    made.push(drawn("line", { class: Math.abs(value) < 1e-9 ? "zero" : "grid", x1: ROOM.left, x2: right, y1: atY(value), y2: atY(value) }));
    made.push(drawn("text", { class: "tick", x: ROOM.left - 8, y: atY(value) + 4, "text-anchor": "end" }, text));
  }
  let last = -Infinity;
  for (const [value, text] of x.scale.ticks) {
    const place = atX(value), room = text.length * 7 + 10;
    made.push(drawn("line", { class: "grid", x1: place, x2: place, y1: bottom, y2: bottom + 5 }));
    if (place - last < room) continue;
    last = place;
    made.push(drawn("text", { class: "tick", x: place, y: bottom + 19, "text-anchor": "middle" }, text));
  }
  made.push(drawn("line", { class: "axis", x1: ROOM.left, x2: right, y1: bottom, y2: bottom }));
  made.push(drawn("text", { class: "name", x: (ROOM.left + right) / 2, y: height - 10, "text-anchor": "middle" }, x.name));
  const turn = `rotate(-90 14 ${(ROOM.top + bottom) / 2})`;
  made.push(drawn("text", { class: "name", x: 14, y: (ROOM.top + bottom) / 2, "text-anchor": "middle", transform: turn }, y.name));
  return made;
}

function pointMark(point, x, atY, middle, label) {
  const mark = drawn(point.href ? "a" : "g", { class: "point", ...(point.href ? { href: point.href, "aria-label": point.said } : { role: "img", "aria-label": point.said }) });
  mark.append(drawn("title", {}, point.said));
  if (Array.isArray(point.y)) mark.append(drawn("line", { class: "range", x1: x, x2: x, y1: atY(point.y[1]), y2: atY(point.y[2]) }));
  mark.append(drawn("circle", { class: "aim", cx: x, cy: atY(middle), r: 12 }), drawn("circle", { class: "dot", cx: x, cy: atY(middle), r: 3 }));
  if (label) mark.append(drawn("text", { class: "label", x: label.x, y: label.y, "text-anchor": label.anchor }, label.text));
  return mark;
}

// Names beside points, as far as they have room; the others are said on pointing and on focus.
function roomForLabels(points, atX, atY, middle, width) {
  const taken = points.map((point) => ({ left: atX(point.x) - 7, right: atX(point.x) + 7, y: atY(middle(point)) }));
  const free = (box) => taken.every((one) => box.right < one.left || box.left > one.right || Math.abs(box.y - one.y) > 14);
  const labels = new Map();
  for (const point of points) {
    const text = point.name.length > 32 ? `${point.name.slice(0, 31)}…` : point.name;
    const room = text.length * 6.6, x = atX(point.x), y = atY(middle(point));
    const places = [{ left: x + 9, right: x + 9 + room, y, anchor: "start", x: x + 9 }, { left: x - 9 - room, right: x - 9, y, anchor: "end", x: x - 9 }];
    const place = places.find((box) => box.left > ROOM.left && box.right < width && free(box));
    if (!place) continue;
    taken.push(place);
    labels.set(point, { text, x: place.x, y: y + 4, anchor: place.anchor });
  }
  return labels;
}
