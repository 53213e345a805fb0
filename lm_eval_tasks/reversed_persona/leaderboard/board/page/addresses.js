// An address names the view and all that was chosen in it, behind the #. Going from view to view can be gone back on;
// choices within a view take each other's place, or the way back would be long.

const SHARED = FIELDS;
const asked = () => {
  const found = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  return { view: "ranking", ...found };
};
let here = { view: "ranking" };
let drawnAddress = null;

function addressOf(wanted) {
  return `#${queryOf({ view: wanted.view, ...wanted }, { over: firstView() })}`;
}

// Change what is chosen in this view.
function change(changes) {
  here = { ...here, ...changes };
  const address = addressOf(here);
  if (location.hash !== address) {
    drawnAddress = address;
    location.replace(address);
  }
  draw();
}

// The address of another view with the same filters.
function otherView(view) {
  const kept = Object.fromEntries(SHARED.filter((name) => here[name]).map((name) => [name, here[name]]));
  return addressOf({ view, ...(["ranking", "plots", "matrix"].includes(view) ? kept : {}) });
}

const modelAddress = (entry) => addressOf({ view: "model", model: entry.file });
const pairAddress = (one, other, more = {}) => addressOf({ view: "pair", one: one.file, other: other ? other.file : "", ...more });
