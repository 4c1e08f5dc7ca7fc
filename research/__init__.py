"""What was measured once, and measures again when asked: nothing in panelpack imports it, and no pack runs it.

backtest: how well each way to project a year would have done, and what its errors teach (data/projection).
false_alarms: how often a control chart flags a series in which nothing happened (data/spc).
reconstruction: the suppliers' files of the two printed quarters, from what was published (data/raw).
"""
