"""Panel Pack: the quarterly performance report to a Police and Crime Panel, from data, reproducibly.

The packages follow a quarter's data: config, intake, validation, statistics and rules, indicators, rendering and pages,
pipeline, publishing, audit. `make_quarter` tells how they work together.
"""
