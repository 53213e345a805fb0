// Files beside the page. A page that is opened as a file may not fetch, but a script element may bring a file in: every
// data file calls `received` with its name and its packed content.

const files = new Map();  // by name: {promise, resolve}

function received(name, text) {
  if (files.has(name)) files.get(name).resolve(text);
}

function data(name) {
  if (!files.has(name)) {
    const file = {};
    file.promise = new Promise((resolve, reject) => {
      file.resolve = (text) => resolve(unpack(text));
      const script = element("script", { src: `data/${encodeURIComponent(name)}.js` });
      script.addEventListener("error", () => {
        files.delete(name);
        reject(new Error(`data/${name}.js could not be read. It has to lie beside this page.`));
      });
      document.head.append(script);
    });
    files.set(name, file);
  }
  return files.get(name).promise;
}
