// The report: tables with one field that finds rows in all of them, and the answers that are packed into the page.

letHeadingsSort(document);

byId("find-model").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  let shown = 0, all = 0;
  for (const row of document.querySelectorAll("#summary tbody tr, #parts tbody tr")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    if (row.closest("#parts")) continue;  // folded: counted rows can be seen
    all += 1;
    shown += !row.hidden;
  }
  byId("found-models").textContent = wanted ? `${shown} of ${all} rows` : "";
});

browser.tasks = JSON.parse(byId("browser-data").textContent).tasks;
browser.read = (task) => unpack(byId(task.packed).textContent);

const asked = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

async function openFirst() {
  const linked = location.hash.includes("=");
  const anchor = location.hash;
  const wanted = await follow(asked());
  if (wanted === null) return;
  const id = wanted || (loaded.shown.length ? loaded.shown[0].problem.problem_id : "");
  if (linked) {
    choose(id);
    byId("questions").scrollIntoView();
  } else {
    showWithoutChoosing(id);
    ours = anchor;
  }
}

if (browser.tasks.length && !CAN_UNPACK) {
  byId("question").textContent = TOO_OLD;
} else if (browser.tasks.length) {
  listenToControls();
  document.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", async () => {
    if (location.hash === ours || !location.hash.includes("=")) return;
    const wanted = await follow(asked());
    if (wanted !== null) choose(wanted);
  });
  openFirst();
}
