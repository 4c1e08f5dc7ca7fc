"""Files arrive and quarters begin: only checksums are touched, and a failure leaves nothing half-made."""

import hashlib
import re
import shutil

import pytest

from panelpack.config.sources import SOURCES_FILE, load_sources
from panelpack.errors import ConfigurationError, PanelPackError, UsageError
from panelpack.intake.receiving import NOT_RECEIVED, new_quarter, receive
from panelpack.periods import Quarter
from running import QUARTER, digests

OLD, OLDER = "a" * 64, "b" * 64


def entry(name, digest, quote=""):
    return f"""\
  {name}:
    table: a_table
    # sha256 follows below
    supplier: A supplier
    received: 2015-07-17
    licence: MIT
    sensitivity: public
    reconstructed: false
    sha256: {quote}{digest}{quote}
"""


def folder_with(tmp_path, text, **files):
    (tmp_path / SOURCES_FILE).write_bytes(text.encode())
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_bytes(content)
    return tmp_path


def digest(content):
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["a.csv", '"a.csv"', "'a.csv'"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_only_the_checksum_is_touched(tmp_path, name, quote):
    text = "# A remark.\n\nfiles:\n" + entry(name, OLD, quote) + "\n" + entry("b.csv", OLDER, quote) + "# The end.\n"
    folder = folder_with(tmp_path, text, a=b"new", b=b"also new")
    lines = receive(folder)
    assert lines == [f"a.csv: sha256 {digest(b'new')}", f"b.csv: sha256 {digest(b'also new')}"]
    expected = text.replace(OLD, digest(b"new")).replace(OLDER, digest(b"also new"))
    assert (folder / SOURCES_FILE).read_text(encoding="utf-8").splitlines() == expected.splitlines()


def test_each_checksum_goes_to_its_own_file_even_where_all_were_equal(tmp_path):
    text = "files:\n" + entry("aa.csv", OLD) + entry("a.csv", OLD)
    receive(folder_with(tmp_path, text, a=b"short", aa=b"long"))
    found = {name: source.sha256 for name, source in load_sources(tmp_path).files.items()}
    assert found == {"a.csv": digest(b"short"), "aa.csv": digest(b"long")}


def test_a_dot_in_a_name_is_a_dot(tmp_path):
    text = "files:\n" + entry("axcsv", OLD) + entry("a.csv", OLD)
    receive(folder_with(tmp_path, text, a=b"new"))
    assert load_sources(tmp_path).files["axcsv"].sha256 == OLD
    assert load_sources(tmp_path).files["a.csv"].sha256 == digest(b"new")


def test_a_file_that_is_not_there_yet_is_said_and_its_checksum_kept(tmp_path):
    text = "files:\n" + entry("a.csv", OLD) + entry("b.csv", OLDER)
    lines = receive(folder_with(tmp_path, text, b=b"new"))
    assert lines == ["a.csv: not received yet", f"b.csv: sha256 {digest(b'new')}"]
    assert load_sources(tmp_path).files["a.csv"].sha256 == OLD


def test_nothing_changes_where_nothing_changed(tmp_path):
    text = "files:\n" + entry("a.csv", digest(b"known"))
    folder = folder_with(tmp_path, text, a=b"known")
    before = (folder / SOURCES_FILE).read_bytes()
    assert receive(folder) == [f"{folder / SOURCES_FILE}: every checksum is up to date"]
    assert (folder / SOURCES_FILE).read_bytes() == before


def test_line_ends_are_kept(tmp_path):
    text = ("files:\n" + entry("a.csv", OLD)).replace("\n", "\r\n")
    receive(folder_with(tmp_path, text, a=b"new"))
    assert (tmp_path / SOURCES_FILE).read_bytes() == text.replace(OLD, digest(b"new")).encode()


def test_what_is_no_sources_file_is_not_touched(tmp_path):
    folder = folder_with(tmp_path, "files:\n  a.csv: {sha256: wrong}\n", a=b"new")
    before = digests(folder)
    with pytest.raises(ConfigurationError, match="sources"):
        receive(folder)
    assert digests(folder) == before


def test_the_quarter_of_this_checkout_is_received_as_it_is(project_copy, quarter):
    before = digests(project_copy.root)
    lines = receive(project_copy.raw(quarter))
    assert lines == [f"data/raw/{QUARTER}/sources.yml: every checksum is up to date"]
    assert digests(project_copy.root) == before


def test_a_new_quarter_differs_from_the_last_only_where_it_must(project_copy, quarter):
    before = digests(project_copy.root)
    later = quarter.shift(1)
    lines = new_quarter(project_copy, str(later))
    assert lines[:3] == ["made params/2015Q2.yml", "made params/2015Q2.md", "made data/raw/2015Q2"]
    assert "make receive Q=2015Q2" in lines[3]
    after = digests(project_copy.root)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {
        "params/2015Q2.yml",
        "params/2015Q2.md",
        "data/raw/2015Q2/sources.yml",
    }
    changed = [
        (old, new)
        for old, new in zip(
            project_copy.params(quarter).read_text(encoding="utf-8").splitlines(),
            project_copy.params(later).read_text(encoding="utf-8").splitlines(),
            strict=True,
        )
        if old != new
    ]
    assert changed == [("quarter: 2015Q1", "quarter: 2015Q2")]
    copied, last = (load_sources(project_copy.raw(each)).files for each in (later, quarter))
    assert copied == {
        name: source.model_copy(update={"sha256": NOT_RECEIVED, "revisions": []}) for name, source in last.items()
    }
    assert [name for name, source in last.items() if source.revisions]  # said of this quarter's files alone
    assert project_copy.commentary(later).read_bytes() == project_copy.commentary(quarter).read_bytes()


def test_a_new_quarter_receives_its_files(project_copy, quarter):
    later = quarter.shift(1)
    new_quarter(project_copy, str(later))
    (project_copy.raw(later) / "savings.csv").write_bytes(b"as supplied")
    lines = receive(project_copy.raw(later))
    assert f"savings.csv: sha256 {digest(b'as supplied')}" in lines
    assert lines.count("recorded_crime.csv: not received yet") == 1


def test_a_new_quarter_starts_from_the_latest_that_is_earlier(project_copy, quarter):
    new_quarter(project_copy, "2016Q1")
    project_copy.commentary(quarter).write_text("# The older one\n", encoding="utf-8")
    new_quarter(project_copy, "2016Q2")
    later = Quarter.parse("2016Q2")
    assert project_copy.commentary(later).read_text(encoding="utf-8") != "# The older one\n"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("", r"^Q is missing: expected the label of the quarter to start, Q=YYYYQn\.$"),
        ("2015", r"^Q='2015' is not a quarter: expected YYYYQn"),
        ("2015Q5", r"^Q='2015Q5' is not a quarter: expected YYYYQn"),
        ("2015q2", r"^Q='2015q2' is not a quarter: expected YYYYQn"),
        ("../2015Q2", r"^Q='../2015Q2' is not a quarter: expected YYYYQn"),
        (QUARTER, r"^params/2015Q1\.yml: it exists already, so 2015Q1 was started before\."),
        ("2014Q3", r"^Q='2014Q3': there is no earlier quarter under data/raw to start from\.$"),
    ],
)
def test_a_quarter_that_cannot_start_leaves_nothing_behind(project_copy, label, words):
    before = digests(project_copy.root)
    folders = sorted(path for path in project_copy.root.rglob("*") if path.is_dir())
    with pytest.raises(UsageError, match=words):
        new_quarter(project_copy, label)
    assert digests(project_copy.root) == before
    assert sorted(path for path in project_copy.root.rglob("*") if path.is_dir()) == folders


@pytest.mark.parametrize("left", ["params/2015Q2.md", "data/raw/2015Q2/a.csv"])
def test_what_an_unfinished_start_left_is_named(project_copy, left):
    path = project_copy.root / left
    path.parent.mkdir(exist_ok=True)
    path.write_text("work of a person", encoding="utf-8")
    named = left if left.startswith("params") else "data/raw/2015Q2"
    with pytest.raises(UsageError, match=re.escape(f"{named}: it exists already")):
        new_quarter(project_copy, "2015Q2")
    assert path.read_text(encoding="utf-8") == "work of a person"
    assert not project_copy.params(Quarter.parse("2015Q2")).exists()


@pytest.mark.parametrize("missing", ["params/2015Q1.yml", "params/2015Q1.md", "data/raw/2015Q1/sources.yml"])
def test_an_earlier_quarter_that_is_not_whole_is_named_and_nothing_is_half_made(project_copy, missing):
    (project_copy.root / missing).unlink()
    before = digests(project_copy.root)
    try:
        with pytest.raises(PanelPackError, match=re.escape(missing)):
            new_quarter(project_copy, "2015Q2")
    finally:
        assert digests(project_copy.root) == before
        assert not (project_copy.root / "data/raw/2015Q2").exists()


def test_a_folder_that_is_no_quarter_is_not_started_from(project_copy):
    shutil.copytree(project_copy.root / "data/raw/2015Q1", project_copy.root / "data/raw/2015Q1-old")
    assert new_quarter(project_copy, "2015Q2")[0] == "made params/2015Q2.yml"
