"""The board's page: one HTML file with everything but the answers, which lie beside it and are read when asked for.

rendering       the index -> index.html
texts           what the page tells its readers, and what the board's own columns mean

Scripts, in the order in which they are joined; those of `pages` come first:

loading.js      files beside the page
entries.js      the index, and how the views find their way in it
cells.js        a cell as text, as a number to sort by, as figures for a file, with its interval drawn
columns.js      what a table can show, and what the visitor chose
filters.js      which entries are shown
addresses.js    what an address asks for, and the address of what is shown
meanings.js     what a badge means, on a press
ranking.js      the table, and who is not separated from whom
download.js     what is shown, as a file
drawing.js      axes, points and intervals as SVG
plots.js        scores against size and date
judge.js        the DoC of a judge model, in the detail of what it judged
model.js        all that is known of one entry
pair.js         two entries side by side, and their answers
matrix.js       every question of a task and every entry
page.js         which view is shown
"""
