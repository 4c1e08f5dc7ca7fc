"""Panel Pack: the quarterly performance report to a Police and Crime Panel, from data."""
