"""What each notebook shows, a module a page. A page returns blocks and writes nothing.

In: a quarter's report (indicators.quarter_report). Out: headings, tables, charts and texts, which display themselves.
"""
