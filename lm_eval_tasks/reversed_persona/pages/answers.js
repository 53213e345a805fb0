// One response: its verdict, and its text with the final answer marked.

const SIGNS = { correct: "✓", wrong: "✗", unanswered: "–" };
const CAN_UNPACK = typeof DecompressionStream !== "undefined";
const TOO_OLD = "This browser is too old to unpack the answers (it has no DecompressionStream).";

async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(plain).json();
}

function answerBox(model, one) {
  const box = element("div", { class: "answer" }, element("h5", {}, model));
  const verdict = element("p", { class: "verdict" });
  const reason = one.reason ? ` (${one.reason.replaceAll("_", " ")})` : "";
  verdict.append(element("strong", { class: one.status }, `${SIGNS[one.status]} ${one.status}${reason}`));
  if (one.answer !== null) verdict.append(element("span", { class: "chip" }, `answer ${one.answer.slice(0, 80)}`), " ");
  if (one.flip) verdict.append(element("span", { class: "chip", title: "the right answer stands in the working" }, "flipped"), " ");
  if (one.derived) verdict.append(element("span", { class: "chip", title: "the answer is a result of the working" }, "derived"), " ");
  box.append(verdict);
  const [before, marked, after] = one.parts;
  const text = element("p", { class: "text" }, before);
  if (marked) text.append(element("mark", {}, marked));
  text.append(after);
  if (one.parts.join("").trim()) box.append(text);
  else box.append(element("p", { class: "small" }, one.hidden ? "Nothing but thinking." : "An empty reply."));
  if (one.hidden) box.append(element("p", { class: "small" }, `${one.hidden.toLocaleString("en")} characters of thinking are left out.`));
  return box;
}

function problemBox(problem) {
  const about = [problem.subject, problem.difficulty ? `difficulty ${problem.difficulty}` : ""].filter(Boolean).join(", ");
  const box = element("div", { class: "problem" }, element("p", { class: "text" }, problem.question));
  box.append(element("p", { class: "text" }, element("strong", {}, "Gold: "), problem.gold));
  if (about) box.append(element("p", { class: "small" }, about));
  return box;
}

// arms: what each should reach, by id. answers: by model, arm: responses.
function armSections(arms, models, answers) {
  return Object.entries(arms).map(([arm, expected]) => {
    const heading = element("h4", {}, `as ${arm} `);
    if (expected !== null) heading.append(element("span", {}, `expected accuracy ${expected}`));
    const boxes = answers.flatMap((of, place) => {
      const given = of[arm] || [];
      if (!given.length) return [element("div", { class: "answer" }, element("h5", {}, models[place]), "was not asked")];
      return given.map((one, repeat) => answerBox(models[place] + (given.length > 1 ? `, repeat ${repeat + 1}` : ""), one));
    });
    return element("section", { class: "arm" }, heading, element("div", { class: "answers" }, ...boxes));
  });
}
