"use strict";
// Everything that models, problems and submissions say goes into a page as textContent, never as HTML.
const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function fill(select, options) {
  select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
}

// What an address keeps, without what is as it would be anyway.
function queryOf(kept, plain = {}) {
  return Object.entries(kept).filter(([name, value]) => value && value !== plain[name])
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed ? value.toWellFormed() : value)}`).join("&");
}
