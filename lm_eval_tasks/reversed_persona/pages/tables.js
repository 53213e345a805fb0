// Headings that sort. A cell's data-v is what it is sorted by: a number in full, a text, or "" for what was not measured.

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
  rows.sort((one, other) => inOrder(key(one), key(other), isNumber, down));
  table.tBodies[0].append(...rows);
}

function inOrder(a, b, isNumber, down) {
  if (a === "" || b === "") return (a === "") - (b === "");  // what was not measured stands last
  const order = isNumber ? Number(a) - Number(b) : a.localeCompare(b, undefined, { numeric: true });
  return down ? -order : order;
}

function letHeadingsSort(root) {
  for (const heading of root.querySelectorAll("table.sortable thead th")) {
    heading.firstElementChild.addEventListener("click", () => sortBy(heading));
  }
}
