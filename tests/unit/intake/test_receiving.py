"""Files arrive: only checksums and numbers of rows are touched, and what changed is told."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, load_sources
from panelpack.config.strict_yaml import load
from panelpack.errors import ConfigurationError, PanelPackError, SourceError, UsageError
from panelpack.intake.receiving import Listed, receive
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
    assert [line for line in lines if "sha256" in line] == [
        f"a.csv: replaced, sha256 {OLD[:12]} before, now {digest(b'new')[:12]}",
        f"b.csv: replaced, sha256 {OLDER[:12]} before, now {digest(b'also new')[:12]}",
    ]
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
    assert lines[0] == f"a.csv: the file is gone (sha256 {OLD[:12]}). Put it back"
    assert lines[1].startswith(f"b.csv: replaced, sha256 {OLDER[:12]} before, now {digest(b'new')[:12]}")
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


def by_name(*entries):
    return "files:\n" + "".join(entries)


def test_a_first_file_is_received_and_a_later_one_replaces_it(tmp_path):
    folder = folder_with(tmp_path, by_name(entry("a.csv", NOT_RECEIVED), entry("b.csv", NOT_RECEIVED)), a=b"first")
    first, second = digest(b"first")[:12], digest(b"second")[:12]
    assert receive(folder) == [f"a.csv: received, sha256 {first}", "b.csv: not received yet"]
    (folder / "a.csv").write_bytes(b"second")
    assert receive(folder) == [
        f"a.csv: replaced, sha256 {first} before, now {second}",
        "b.csv: not received yet",
        f"a.csv: received says 2015-07-17. Correct it in {folder / SOURCES_FILE} if this file came later.",
    ]


def test_a_file_whose_day_is_not_written_is_received_and_the_day_is_asked_for(tmp_path):
    text = by_name(entry("a.csv", NOT_RECEIVED), entry("b.csv", NOT_RECEIVED)).replace(
        "received: 2015-07-17", "received:"
    )
    folder = folder_with(tmp_path, text, a=b"new", b=b"new")
    assert receive(folder)[-1] == (
        f"Write in {folder / SOURCES_FILE} the day on which each came (received): a.csv, b.csv"
    )
    with pytest.raises(ConfigurationError) as caught:
        load_sources(folder)
    assert str(caught.value) == (
        f"{folder / SOURCES_FILE}, lines 6 and 15: received: not received yet. Write the day on which it came, as in "
        "2022-12-16."
    )


# ------------------------------------------------------------------------------------------ how the file is written
FLOW = """\
files: {{  # all in one
  "a.csv": {{table: t, supplier: "S, {{x}}", received: 2015-07-17, sensitivity: public,
    reconstructed: false, sha256: {}}},
  'b.csv': {{table: u, supplier: S, received: 2015-07-17, sensitivity: public, reconstructed: false,
    sha256: "{}"}}  # b
}}
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_entries_in_one_line_are_written_in_their_places(tmp_path, line_end, mark):
    text = mark + FLOW.replace("\n", line_end)
    receive(folder_with(tmp_path, text.format(OLD, OLDER), a=b"new", b=b"also new"))
    expected = text.format(digest(b"new"), digest(b"also new"))
    assert (tmp_path / SOURCES_FILE).read_bytes() == expected.encode()


def test_remarks_that_look_like_a_checksum_are_left_alone(tmp_path):
    remark = f"  # sha256: {OLD}\n"
    text = "files:\n" + remark + entry("a.csv", OLD).replace("    supplier: A", f"    supplier: 'sha256: {OLD}' # A")
    receive(folder_with(tmp_path, text, a=b"new"))
    expected = f"    sha256: {digest(b'new')}\n".join(text.rsplit(f"    sha256: {OLD}\n", 1))
    assert (tmp_path / SOURCES_FILE).read_text(encoding="utf-8") == expected


def test_what_cannot_be_written_in_its_place_is_left_as_it_is(tmp_path):
    text = by_name(entry("a.csv", f"&same {OLD}"), entry("b.csv", "*same"))
    folder = folder_with(tmp_path, text, a=b"new", b=b"another")
    with pytest.raises(UsageError, match=r"cannot change, and was left as it is\. Write by hand: a\.csv: .*b\.csv: "):
        receive(folder)
    assert (folder / SOURCES_FILE).read_bytes() == text.encode()


def test_an_entry_without_a_checksum_is_given_one(tmp_path):
    text = by_name(entry("a.csv", OLD).replace(f"    sha256: {OLD}\n", ""), entry("b.csv", OLD))
    folder = folder_with(tmp_path, text, a=b"new")
    assert receive(folder)[0] == f"a.csv: received, sha256 {digest(b'new')[:12]}"
    assert load_sources(folder).files["a.csv"].sha256 == digest(b"new")


PIECES = [
    "",
    "&a ",
    "*a",
    "? ",
    "!!str ",
    "|\n",
    ">-\n",
    "# c",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "<<: ",
    "'",
    '"',
    ": ",
    ",",
    "- ",
]


ONE_LINE = f"""\
  "c.csv": {{table: t, supplier: "S, {{x}}", received: 2015-07-17, sensitivity: public,
    reconstructed: false, sha256: {OLD}}}
  'd.csv': {{table: u, supplier: S, received: 2015-07-17, sensitivity: public, reconstructed: false,
    sha256: "{OLDER}"}}  # d
"""


@settings(max_examples=300)
@given(place=st.floats(0, 1), removed=st.integers(0, 20), piece=st.sampled_from(PIECES))
def test_however_the_file_is_written_it_is_received_or_left_alone(tmp_path_factory, place, removed, piece):
    text = "files:\n" + entry("a.csv", OLD) + entry('"b-*.csv"', OLD) + ONE_LINE
    at = int(place * len(text))
    edited = text[:at] + piece + text[at + removed :]
    folder = folder_with(tmp_path_factory.mktemp("any"), edited, **{name: b"x" for name in ("a", "b-1", "b-2", "c")})
    try:
        receive(folder)
    except PanelPackError:
        assert (folder / SOURCES_FILE).read_bytes() == edited.encode()
    else:
        found = load(folder / SOURCES_FILE, Listed).files
        assert all(s.sha256 in (digest(b"x"), None) for name, s in found.items() if (folder / name).is_file())


# ------------------------------------------------------------------------------------------ several files of a table
def of_pattern(checksums):
    return by_name(entry('"*-street.csv"', "").replace("    sha256: \n", f"    sha256:{checksums}\n"))


def street(folder, **contents):
    for name, content in contents.items():
        (folder / f"2015-{name.removeprefix('m')}-street.csv").write_bytes(content)


@pytest.mark.parametrize("nothing", ["", f" {NOT_RECEIVED}", " {}"])
def test_files_that_a_pattern_fits_are_listed(tmp_path, nothing):
    folder = folder_with(tmp_path, of_pattern(nothing), other=b"x")
    assert receive(folder)[0] == "*-street.csv: not received yet"
    street(folder, m04=b"april", m05=b"may")
    april, may = digest(b"april"), digest(b"may")
    lines = receive(folder)
    assert lines[0] == (
        f"*-street.csv: 2015-04-street.csv received, sha256 {april[:12]}; "
        f"2015-05-street.csv received, sha256 {may[:12]}"
    )
    source = load_sources(folder).files["*-street.csv"]
    assert source.sha256 == {"2015-04-street.csv": april, "2015-05-street.csv": may}
    assert "other.csv: sources.yml has no entry for this file." in lines[-1]


def test_of_several_files_those_that_came_changed_or_went_are_told_and_remarks_stay(tmp_path):
    listed = f"""  # by month
      "2015-04-street.csv": '{digest(b"april")}'  # the first
      "2015-05-street.csv": {OLD}
      # June came late
      "2015-06-street.csv": {OLDER}"""
    folder = folder_with(tmp_path, of_pattern(listed))
    street(folder, m04=b"april", m05=b"may", m07=b"july")
    may, july = digest(b"may"), digest(b"july")
    assert receive(folder)[0] == (
        f"*-street.csv: 2015-07-street.csv received, sha256 {july[:12]}; 2015-05-street.csv replaced, sha256 "
        f"{OLD[:12]} before, now {may[:12]}; 2015-06-street.csv is gone and was taken out"
    )
    text = (folder / SOURCES_FILE).read_text(encoding="utf-8")
    assert (
        f"""    sha256:  # by month
      "2015-04-street.csv": '{digest(b"april")}'  # the first
      "2015-05-street.csv": {may}
      # June came late
      "2015-07-street.csv": {july}
"""
        in text
    )
    assert receive(folder) == [f"{folder / SOURCES_FILE}: every checksum is up to date"]


def test_of_several_files_in_one_line_the_line_is_written(tmp_path):
    folder = folder_with(tmp_path, of_pattern(f' {{"2015-04-street.csv": {OLD}}}  # so far'))
    street(folder, m04=b"april", m05=b"may")
    receive(folder)
    assert (
        f'    sha256: {{"2015-04-street.csv": {digest(b"april")}, "2015-05-street.csv": {digest(b"may")}}}  # so far\n'
        in (folder / SOURCES_FILE).read_text(encoding="utf-8")
    )


# ------------------------------------------------------------------------------------------ the numbers of rows
@pytest.fixture
def counting(project_copy, quarter):
    """Return a function that receives the made-up office's files, as many rows counted as it is told."""

    def run(rows):
        def rows_received(office, table):
            assert office.quarter == quarter
            if rows.get(table) is None:
                raise SourceError(f"{table}: cannot be counted")
            return rows[table]

        lines = receive(project_copy.raw(quarter), rows_received)
        return lines, {source.table: source.rows for source in load_sources(project_copy.raw(quarter)).files.values()}

    return run


def without_rows(path):
    """Take the recorded rows out of sources.yml, and return its lines."""
    text = re.sub(r"^    rows: \d+\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    return text.splitlines()


def test_rows_stand_beside_the_checksum_of_tables_that_may_be_shown(counting, project_copy, quarter, office):
    before = without_rows(project_copy.raw(quarter) / SOURCES_FILE)
    _, written = counting(dict.fromkeys(office.plan.tables, 1234))
    sources = office.sources.by_table
    public = {name for name, source in sources.items() if source.sensitivity == "public"}
    hidden = {"drug_treatment", "missing_people", "victim_survey"}  # embargoed, about persons, internal
    assert public and not public & hidden
    assert {name for name, rows in written.items() if rows == 1234} == public
    after = (project_copy.raw(quarter) / SOURCES_FILE).read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line != "    rows: 1234"] == before
    assert [after[n - 1].strip()[:7] for n, line in enumerate(after) if line == "    rows: 1234"] == ["sha256:"] * len(
        public
    )
    assert counting(dict.fromkeys(office.plan.tables, 1234))[0] == [
        f"data/raw/{QUARTER}/sources.yml: every checksum is up to date"
    ]


def test_rows_then_and_now_are_told_of_a_replaced_file(counting, project_copy, quarter, office):
    counting(dict.fromkeys(office.plan.tables, 1234))
    path = project_copy.raw(quarter) / "night_time_economy.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    text[1] = text[1].partition(",")[0] + ",77777"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    lines, written = counting({"night_time_economy": 1200})
    assert written["night_time_economy"] == 1200
    assert lines[0].startswith("night_time_economy.csv: replaced, sha256 ")
    assert ", rows: 1,234 before, now 1,200; " in lines[0]
    assert lines[0].endswith("; 1 figure of an earlier period differs from that of 2014Q4")


def test_rows_of_a_table_that_may_no_longer_be_shown_are_taken_out(counting, project_copy, quarter, office):
    counting(dict.fromkeys(office.plan.tables, 5))
    path = project_copy.raw(quarter) / SOURCES_FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sensitivity: public", "sensitivity: internal", 1), encoding="utf-8")
    first = next(iter(load_sources(path.parent).files.values())).table
    _, written = counting(dict.fromkeys(office.plan.tables, 5))
    assert written[first] is None
    assert path.read_text(encoding="utf-8").count("rows: 5") == text.count("rows: 5") - 1


def test_without_readable_parameters_rows_wait(counting, project_copy, quarter):
    without_rows(project_copy.raw(quarter) / SOURCES_FILE)
    path = project_copy.params(quarter)
    path.write_text(path.read_text(encoding="utf-8").replace("meeting_date: 2015-09-16", "meeting_date:"), "utf-8")
    lines, written = counting({})
    assert set(written.values()) == {None}
    assert lines[-1] == (
        "Rows are not counted yet: params/2015Q1.yml, line 7: meeting_date: not set yet. Write the day of the meeting, "
        "as in 2022-12-16."
    )
