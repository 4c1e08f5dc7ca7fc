"""What a process reads and writes is seen, whatever it reads with; a hook cannot be removed, so each in a process."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from panelpack.pipeline.tracking import SEEN_FILE, FileTracker
from panelpack.project import Project

SRC = Path(__file__).parents[3] / "src"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SRC)}
START = """
import json, os, sys
from pathlib import Path
from panelpack.config.commentary import PART_USED, READ_IN_PARTS
from panelpack.pipeline.tracking import FileTracker
from panelpack.project import Project
root = Path(sys.argv[1])
tracker = FileTracker(Project(root))
tracker.start()
{}
with tracker.paused():
    print(json.dumps([tracker.reads, sorted(tracker.writes)]))
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
            [sys.executable, "-c", code, str(root)],
            capture_output=True,
            text=True,
            cwd=root / "data",
            env=ENVIRONMENT,
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
    reads, _ = seen("sys.audit(READ_IN_PARTS, 'b.csv'); open('b.csv').close()",
                    "sys.audit(PART_USED, 'data/b.csv', ('row', '1'), [1, 'x'])")  # fmt: skip
    assert reads == {"data/b.csv: row 1": checksum("[1, 'x']")}


def test_the_commentary_tells_that_it_is_read_in_parts_and_which_are_used(seen, project, root):
    shutil.copytree(project.root / "params", root / "params")
    reads, _ = seen("from panelpack.config.configuration import Configuration",
                    "from panelpack.periods import Quarter", "from panelpack.project import Project",
                    "office = Configuration.read(Project(root), Quarter.parse('2015Q1'))",
                    "office.commentary.of_update('SP01'), office.commentary.numbers")  # fmt: skip
    commentary = {name for name in reads if ".md" in name}
    assert commentary == {"params/2015Q1.md: update SP01", "params/2015Q1.md: numbers"}
    assert {"params/plan.yml", "params/2015Q1.yml"} <= set(reads)


def test_nothing_is_seen_while_it_is_paused(seen):
    assert seen("with tracker.paused(): open('b.csv').close()") == [{}, []]


def test_what_another_process_saw_is_added_but_for_what_this_one_wrote():
    tracker = FileTracker(Project(Path("anywhere")))
    tracker.reads, tracker.writes = {"a": "1"}, {"mine"}
    tracker.add({"b": "2", "mine": "3"}, ["c"])
    assert (tracker.reads, tracker.writes) == ({"a": "1", "b": "2"}, {"mine", "c"})


def test_a_kernel_that_loads_the_extension_leaves_what_it_saw(root, tmp_path):
    for name in ("params", "src/panelpack", "notebooks"):
        (root / name).mkdir(parents=True)
    (root / "params" / "plan.yml").write_text("")
    left = tmp_path / "seen.json"
    code = "from pathlib import Path; Path('c.csv').write_text(open('b.csv').read())"
    command = [sys.executable, "-m", "IPython", "--ext=panelpack.pipeline.tracking", "-c", code]
    environment = {**ENVIRONMENT, SEEN_FILE: str(left), "IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(command, cwd=root / "data", env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(left.read_text()) == {
        "reads": {"data/b.csv": checksum("of data/b.csv\n1\n")},
        "writes": ["data/c.csv"],
    }


def test_a_workbook_is_seen(seen, project, quarter, root):
    books = list(project.raw(quarter).glob("*.xlsx"))
    assert books
    target = root / "data" / "book.xlsx"
    target.write_bytes(books[0].read_bytes())
    reads, _ = seen("import openpyxl", "openpyxl.load_workbook('book.xlsx', read_only=True)")
    assert list(reads) == ["data/book.xlsx"]


RECEIVE = """
from panelpack.config.plan import SupplierFile
from panelpack.intake.tables import receive_table
from panelpack.periods import Quarter
from panelpack.project import Project
spec = SupplierFile.model_validate_json({!r})
received = receive_table(Project(root), Quarter(2022, 1), "t", spec)
assert received.text["n"].to_list() == ["5", "7"], received.text
"""
TABLE = {"columns": {"month": "month", "n": "count"}, "key": ["month"]}
COUNTED = {"layout": {"counted": {"by": ["month"], "column": "n"}}}
PARTS = ("office", "table", "text")
PAIRS = [("2022-04", 5), ("2022-05", 7)]


def write_table(path, is_counted):
    """Write a table of two months, or as many rows as they count."""
    repeats = [(month,) for month, number in PAIRS for _ in range(number)]
    frame = pd.DataFrame(repeats, columns=["month"]) if is_counted else pd.DataFrame(PAIRS, columns=["month", "n"])
    if path.suffix == ".parquet":
        duckdb.from_df(frame).write_parquet(str(path))
    elif path.suffix == ".gz":
        frame.to_csv(path, index=False)
    elif path.suffix == ".ods":
        cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        lines = ["".join(map(cell.format, line)) for line in [list(frame), *frame.to_numpy().tolist()]]
        rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
        spaces = " ".join(f'xmlns:{part}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"' for part in PARTS)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr(
                "content.xml",
                f"<office:document-content {spaces}><office:body><office:spreadsheet>"
                f'<table:table table:name="a">{rows}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>",
            )
    else:
        frame.to_excel(path, index=False)


@pytest.mark.parametrize(
    ("name", "is_counted"),
    [
        *(("t.xlsx", False), ("t.ods", False), ("t.parquet", False), ("t.csv.gz", False)),
        *(("t.parquet", True), ("t.csv.gz", True)),
    ],
)
def test_a_suppliers_file_is_seen_whatever_reads_it(root, seen, name, is_counted):
    raw = root / "data" / "raw" / "2022Q1"
    raw.mkdir(parents=True)
    write_table(raw / name, is_counted)
    spec = json.dumps({"file": name, **TABLE, **(COUNTED if is_counted else {})})
    for _ in range(2):  # the second time a counted file stands in the cache
        reads, writes = seen(*RECEIVE.format(spec).strip().splitlines())
        assert reads == {f"data/raw/2022Q1/{name}": sha256((raw / name).read_bytes()).hexdigest()}
        assert writes == []
