"""Form: how headings, tables and charts look on the web, in print and on a terminal. It knows no plan.

In: display strings, points to draw, executed notebooks. Out: HTML, Typst and SVG, and from them web pages and PDF/UA.
"""
