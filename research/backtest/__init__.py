"""The back-test of projections: `python -m research.backtest DATA`, or `make backtest DATA=FILE`.

In goes the Home Office's table of recorded crime with data/projection/offences.yml (which rows make which series) and
split.yml (which forces choose the method, and which test the choice). Out come, in outputs/backtest, the scores of
every method, what the errors of the shipped one teach, and a page that tells of both.
"""
