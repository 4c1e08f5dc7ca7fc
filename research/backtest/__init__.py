"""The back-test of projections: `python -m research.backtest`, or `make backtest`.

In go the official counts of data/comparators with data/projection/offences.yml (which offences make which series) and
split.yml (which periods are told apart, and which shocks are named). Out come, in outputs/backtest, the scores of the
projections, what they were made from, and a page that tells of it.
"""
