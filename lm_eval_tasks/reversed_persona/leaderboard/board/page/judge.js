// Degree of Contrast by a judge model, below the task whose responses it rated; nothing where nobody judged.

const JUDGE_FACTS = [["id", "Judge"], ["revision", "Revision"], ["backend", "Backend"], ["date", "Run"], ["prompts", "Prompts"]];

// Ratings from 1 to 5 and shares: two decimals say all that there is.
function meanNodes(cell) {
  const [mean, low, high] = cell.map((value) => value.toFixed(2).replace(/^-(0\.0+)$/, "$1").replace("-", "−"));
  return [mean, element("span", { class: "limits" }, ` [${low}, ${high}]`)];
}

function judgedPart(doc, task) {
  const rows = doc && doc.rows[task];
  if (!rows) return [];
  const { doc: meanings } = board.index.texts;
  const facts = element("dl", { class: "facts" });
  for (const [name, text] of JUDGE_FACTS) {
    const said = doc.judge[name];
    if (said) facts.append(element("div", {}, element("dt", {}, text), element("dd", {}, name === "date" ? said.replace("T", " ") : said)));
  }
  const table = plainTable(["by the judge", "mean", "n", "what it is"], rows.map(([name, mean, n]) => [name, mean, n, meanings[name] ?? ""]), cellText,
    (cell, column) => (column === "mean" && cell ? meanNodes(cell) : null));
  return [
    element("h4", {}, `Degree of Contrast, by ${doc.judge.id}`),
    element("p", {}, element("strong", {}, "Unvalidated"), ": one model's opinion of another's texts, with no people's ratings to hold it against. Another judge gives another number, so compare models under one judge only. It never counts for a rank."),
    ...(doc.self_judging ? [element("p", { class: "flags" }, "By its name the judge is the judged model itself.")] : []),
    facts,
    element("div", { class: "judged" }, table),
    element("p", { class: "small" }, "Ratings were read again from the judge's replies, and what it was shown was made again from the responses. Brackets: 95 % intervals over the n questions that have a value."),
  ];
}
