"""The colours that carry meaning, one list for tables, marks and charts.

Each is told apart from the others by a shape as well, so that none is needed to understand a page, in grey or without
sight. As text on white all but NONE hold 4.5:1, and NONE, which only outlines a mark, 3:1 (WCAG 2.2).
"""

BETTER, WORSE, CHANGED, SAME, NONE = "#005A9C", "#B8480B", "#6A3D7C", "#5B6670", "#7D8791"
INK, LINE, BAND, RULE = "#16202B", "#3A4550", "#EDF1F4", "#C9D2DA"
KINDS = ("better", "worse", "changed", "same", "none")  # of a mark: the names of templates/marks/*.svg
COLOURS = dict(zip(KINDS, (BETTER, WORSE, CHANGED, SAME, NONE), strict=True))
