"""A supplier's specification: which files, columns and periods a quarter needs, in which forms, by when.

It is made from the plan, the layouts and what the office declares, and quotes no figure: it can be sent before the
quarter is started.
"""
