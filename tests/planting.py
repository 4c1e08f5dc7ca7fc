"""Change what a supplier sent to the made-up office: a file, its checksum, and what the plan says of its layout."""

import hashlib
import re

from panelpack.intake.salts import keyed_hash, read_salt

MARKS = "{marks: {'*': suppressed, '..': missing}}"


def plant(project, name, change, quarter="2015Q1"):
    """Change the text of a raw file, and record it as received."""
    path = project.root / "data" / "raw" / quarter / name
    sources, before = path.with_name("sources.yml"), path.read_bytes()
    after = change(before.decode()).encode()
    assert after != before
    path.write_bytes(after)
    salt = read_salt(path)
    sums = [keyed_hash(text, salt) if salt else hashlib.sha256(text).hexdigest() for text in (before, after)]
    declared = sources.read_text(encoding="utf-8")
    assert sums[0] in declared
    sources.write_text(declared.replace(*sums), encoding="utf-8")


def lay_out(project, table, layout=MARKS):
    """Give a table a layout."""
    text = (project.root / "params/plan.yml").read_text(encoding="utf-8")
    file = f"    file: {table}.csv\n"
    (project.root / "params/plan.yml").write_text(text.replace(file, f"{file}    layout: {layout}\n"), encoding="utf-8")


def without_revisions(project, quarter="2015Q1"):
    """Leave out the suppliers' reasons, which explain figures that a test may have changed."""
    path = project.root / "data" / "raw" / quarter / "sources.yml"
    text = re.sub(r"    revisions:\n(    - .*\n|      .*\n)+", "", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")


def in_words(project, quarter="2015Q1"):
    """Take every reference out of the commentary and the flags, so that no figure needs to be there."""
    for path in (project.root / "params" / f"{quarter}.md", project.root / "params" / f"{quarter}.yml"):
        path.write_text(re.sub(r"\{\{[^}]*\}\}", "so many", path.read_text(encoding="utf-8")), encoding="utf-8")


def cells(column, value, **where):
    """Return a change of a csv: `value` in a column of the rows that have the given cells (one or several each)."""

    def change(text):
        head, *lines = (line.split(",") for line in text.splitlines())
        for line in lines:
            row = dict(zip(head, line, strict=True))
            if all(row[name] in ([wanted] if isinstance(wanted, str) else wanted) for name, wanted in where.items()):
                line[head.index(column)] = value
        return "".join(f"{','.join(line)}\n" for line in [head, *lines])

    return change
