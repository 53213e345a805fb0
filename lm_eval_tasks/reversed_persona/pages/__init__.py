"""What HTML pages of this package share: one look, one way to read answers, one way to let nothing run but their own.

assembly        parts -> one page that works from a file; data that can stand in a script
look.css        colours, type, tables, forms
elements.js     elements made of text
tables.js       headings that sort
answers.css     single answers
answers.js
questions.js    the answers of one or two models, question by question
"""
