"""Numbers only: control charts, seasons, intervals of changes, projections. They know no disk and no plan.

In: arrays and counts. Out: tables, intervals and forecasts; each function names the source of its formula.
"""
