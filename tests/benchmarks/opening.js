// What a visitor does on the board's page, timed within it: see opening.py. Seconds.
async (part) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const timed = async (act) => {
    const start = performance.now();
    await act();
    await frame();
    return (performance.now() - start) / 1000;
  };
  const rows = () => document.querySelectorAll("#ranking tr[data-file]").length;
  const choose = (value) => {
    const field = document.getElementById("weights");
    field.value = value;
    field.dispatchEvent(new Event("change"));
  };
  const parts = {
    ranking: async () => {
      const usable = window.usableAt / 1000, all = rows();
      const sort = await timed(() => document.querySelector("#ranking [data-column=acc_low]").click());
      const filter = await timed(() => choose("closed"));
      if (rows() >= all) throw new Error("the filter kept every row");
      return { usable, sort, filter };
    },
    matrix: async () => {
      choose("");
      await frame();
      const matrix = await timed(async () => {
        location.hash = "view=matrix";
        while (!document.querySelector("#matrix canvas")) await frame();
      });
      const canvas = document.querySelector("#matrix canvas"), steps = 20;
      const press = () => canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
      const all = await timed(() => { for (let one = 0; one < steps; one += 1) press(); });
      return { matrix, step: all / steps };
    },
  };
  return parts[part]();
}
