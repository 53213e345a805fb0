"""One page about runs, that needs no network: tables, plots, and every answer of one or two models.

notes       what a reader has to be told
parts       the same numbers by difficulty, race and so on, of as many models as can be read
plots       runs -> what each plot shows, as a Table
charts      a plot -> SVG or PNG (altair, vl-convert: the extra `plots`)
questions   sample logs of the models to browse -> problems and answers, packed for the page
data        runs -> everything on the page
page        that -> HTML (page.html.jinja, page.css, page.js)
"""
