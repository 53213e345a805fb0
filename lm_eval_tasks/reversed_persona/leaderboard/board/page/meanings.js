// What a badge or a chip means, also for those who can't point at it: a press says it beside the button; Escape, going on
// or a press elsewhere takes it away.

let explained = null;  // the button whose meaning is shown

function meaningButton(words, kind, meaning) {
  const button = element("button", { type: "button", class: kind, title: meaning, "aria-expanded": "false", "aria-controls": "meaning" }, words);
  button.addEventListener("click", () => (explained === button ? hideMeaning() : showMeaning(button, meaning)));
  button.addEventListener("blur", () => { if (explained === button) hideMeaning(); });
  return button;
}

function showMeaning(button, meaning) {
  hideMeaning();
  explained = button;
  button.setAttribute("aria-expanded", "true");
  const shown = byId("meaning"), box = button.getBoundingClientRect();
  shown.hidden = false;
  shown.textContent = meaning;
  const room = document.documentElement.clientWidth - shown.offsetWidth - 8;
  shown.style.left = `${scrollX + Math.max(8, Math.min(box.left, room))}px`;
  shown.style.top = `${scrollY + box.bottom + 6}px`;
}

function hideMeaning() {
  if (explained) explained.setAttribute("aria-expanded", "false");
  explained = null;
  byId("meaning").hidden = true;
}

function listenForMeanings() {
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideMeaning(); });
  document.addEventListener("click", (event) => { if (explained && !explained.contains(event.target)) hideMeaning(); });
  document.addEventListener("scroll", (event) => { if (event.target !== document) hideMeaning(); }, true);  // a table's own
}
