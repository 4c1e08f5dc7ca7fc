"""The back-test of projections: `python -m research.backtest DATA`, or `make backtest DATA=FILE`.

In goes the Home Office's table of recorded crime with data/projection/offences.yml (which rows make which series) and
split.yml (which periods are told apart, and which shocks are named). Out come, in outputs/backtest, the official counts
that packs learn from, the scores of the projections, what all of it was made from, and a page that tells of it.
"""
