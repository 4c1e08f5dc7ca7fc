"""Tables of which only numbers of rows are used, from files of any size.

`counting` gives the numbers; `row_cache` keeps the columns that are counted, which `duckdb_reading` and `regular_csv`
take from the files.
"""
