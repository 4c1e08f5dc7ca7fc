"""From series to results: what the plan's indicators and measures say of a quarter.

In: the corrected tables and the configuration. Out: a result each, with its verdict, evidence and notes; the words of a
control chart; the commentary with its references resolved.
"""
