"""How long an analyst waits, measured in copies of the project: `make bench Q=2015Q1`, `make bench-naive Q=2015Q1`.

speed runs the quarter as a person does, changes what a person changes and compares; naive_build is what a pack costs
with papermill and nbconvert alone; project_copies makes the copies, as they are and larger. large_tables sets tables of
millions of rows against duckdb alone.
"""
