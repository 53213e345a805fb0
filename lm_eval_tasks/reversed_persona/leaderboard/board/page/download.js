// What is shown, as a file: these rows, these columns, figures in full.

// A field of a CSV file. A spreadsheet takes what begins with one of = + - @ for a formula; a text gets a ' before it.
function csvField(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// A column's names and, by row, its figures: an interval has three, a rank two.
function figuresOf(column, entries) {
  const figures = entries.map((entry) => cellFigures(column.cell(entry)));
  const ends = [...new Set(figures.flatMap((of) => Object.keys(of)))];
  const kept = ends.length < 2 ? ends : ends.filter((end) => figures.some((of) => (of[end] ?? null) !== null));
  return { names: kept.map((end) => column.name + end), rows: figures.map((of) => kept.map((end) => of[end])) };
}

function csvOf(entries, columns) {
  const parts = columns.map((column) => figuresOf(column, entries));
  const head = ["model", "type", ...parts.flatMap((part) => part.names)];
  const rows = entries.map((entry, place) => [entry.model, entry.kind, ...parts.flatMap((part) => part.rows[place])]);
  return [head, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function downloadRanking() {
  download(`reversed-persona-${board.index.suite}-${tableShown.view.view}.csv`, csvOf(tableShown.entries, tableShown.columns));
}
