"""What a process reads and writes is seen, whatever it reads with; a hook cannot be removed, so each in a process."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from panelpack.pipeline.tracking import FileTracker, _watch, in_parts, note_part

START = """
import json, os, sys
from pathlib import Path
from panelpack.watching import Watch, in_parts, note_part
root = Path(sys.argv[1])
watch = Watch(root)
watch.start()
{}
with watch.looking_away():
    print(json.dumps([watch.reads, sorted(watch.writes)]))
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "project" / "data").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("outside")
    for name in ("a.txt", "data/b.csv"):
        (tmp_path / "project" / name).write_text(f"of {name}\n1\n")
    return tmp_path / "project"


@pytest.fixture
def seen(root):
    def watched(*lines):
        code = START.format("\n".join(lines))
        done = subprocess.run(
            [sys.executable, "-c", code, str(root)], capture_output=True, text=True, cwd=root / "data"
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return watched


def checksum(text):
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "line",
    [
        "(root / 'data' / 'b.csv').read_text()",
        "open('b.csv').close()",
        "open(b'b.csv', 'rb').close()",
        "os.close(os.open(root / 'data' / 'b.csv', os.O_RDONLY))",
        "open('../data/./b.csv').close()",
        "import pandas; pandas.read_csv('b.csv')",
        "import numpy; numpy.loadtxt(root / 'data' / 'b.csv', dtype=str, delimiter=',')",
    ],
)
def test_a_file_that_is_opened_is_read_whatever_opens_it(seen, line):
    reads, writes = seen(line)
    assert reads == {"data/b.csv": checksum("of data/b.csv\n1\n")}
    assert writes == []


def test_a_file_that_is_not_there_is_read_as_nothing(seen):
    assert seen("try: open('no.csv')", "except FileNotFoundError: pass")[0] == {"data/no.csv": ""}


def test_what_lies_outside_or_belongs_to_the_environment_is_not_seen(seen, root):
    (root / ".venv").mkdir()
    (root / ".venv" / "x.py").write_text("")
    reads, writes = seen("open(root.parent / 'outside.txt').close()", "open(root / '.venv' / 'x.py').close()")
    assert (reads, writes) == ({}, [])


def test_a_link_counts_by_its_own_name(seen, root):
    (root / "link.txt").symlink_to(root.parent / "outside.txt")
    assert seen("open(root / 'link.txt').close()")[0] == {"link.txt": checksum("outside")}


def test_what_is_written_first_is_no_input(seen):
    lines = ["for mode in ('w', 'a', 'r'): open('c.csv', mode).close()"]
    assert seen(*lines) == [{}, ["data/c.csv"]]


def test_what_is_read_first_is_an_input_as_it_was_then(seen, root):
    reads, writes = seen("open(root / 'a.txt').close()", "(root / 'a.txt').write_text('new')", "open(root / 'a.txt')")
    assert reads == {"a.txt": checksum("of a.txt\n1\n")}
    assert writes == ["a.txt"]


def test_of_a_file_in_parts_only_the_parts_count(seen):
    reads, _ = seen("with in_parts(): open('b.csv').close()", "note_part('data/b.csv', ('row', '1'), [1, 'x'])")
    assert reads == {"data/b.csv: row 1": checksum("[1, 'x']")}


def test_without_a_watch_parts_are_nothing():
    with in_parts():
        note_part("a", ("b",), "c")
    assert _watch is None


def test_a_workbook_is_seen(seen, project, quarter, root):
    books = list(project.raw(quarter).glob("*.xlsx"))
    assert books
    target = root / "data" / "book.xlsx"
    target.write_bytes(books[0].read_bytes())
    reads, _ = seen("import openpyxl", "openpyxl.load_workbook('book.xlsx', read_only=True)")
    assert list(reads) == ["data/book.xlsx"]


def test_the_order_of_folders_does_not_matter(root):
    assert FileTracker(Path(os.path.relpath(root))).root == str(root)
