"""What leaves the office, and its record.

In: executed notebooks with their pages, and the records of their steps. Out: the marked pack, its tables, the manifest
with its seal, and the RO-Crate for archives.
"""
