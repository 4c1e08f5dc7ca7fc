"""Suppliers' files as grids of cells: text, workbooks and parquet give the same cells, as a person sees them.

`reading` says what kind of file it is and has it read; `extents` refuses what would fill the memory.
"""
