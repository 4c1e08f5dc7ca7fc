"""Counting the rows of large tables: the right numbers, as Python's csv reads them, whatever the file's form."""

import csv
import gzip
import io
import subprocess
import sys
from collections import Counter

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpack.config.layout import Layout
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import ConfigurationError, SourceError
from panelpack.intake.large_tables import counting, duckdb_reading, row_cache
from panelpack.intake.large_tables.counting import count_rows, month_of_name, month_remarks, receive_counted
from panelpack.periods import Quarter

HEAD = "id,month,place,type"
COLUMNS, PLAIN = ("month", "type"), Layout()
ROWS = ("1,2031-04,North,Theft", ",2031-04,South,Noise", "3,2031-05,,Theft", ",2031-04,North,Noise", "5,2031-04,,Theft")
EXPECTED = {("2031-04", "Theft"): 2, ("2031-04", "Noise"): 2, ("2031-05", "Theft"): 1}


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of the given lines, or of bytes as they are."""

    def _write(*lines, name="2031-04-street.csv", end="\n", encoding="utf-8", head=HEAD):
        path = tmp_path / name
        content = lines[0] if lines and isinstance(lines[0], bytes) else None
        path.write_bytes(content or "".join(line + end for line in [head, *lines]).encode(encoding))
        return path

    return _write


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def count(cache):
    """Return a function that counts the rows of some files by month and type, or by other columns."""

    def _count(*paths, layout=PLAIN, columns=COLUMNS, checksums=None):
        return count_rows(paths, layout, columns, cache, checksums or {})

    return _count


def numbers(counts):
    found = Counter()
    for one in counts.counted:
        found[one.cells] += one.rows
    return found


# ------------------------------------------------------------------------------------------------- what is counted
def test_rows_are_counted_by_their_texts_with_the_first_place_of_each(write, count):
    counts = count(write(*ROWS))
    assert numbers(counts) == EXPECTED
    assert [(one.cells, one.rows, one.row) for one in counts.counted] == [
        (("2031-04", "Theft"), 2, 2),
        (("2031-04", "Noise"), 2, 3),
        (("2031-05", "Theft"), 1, 4),
    ]
    assert counts.total == 5 and counts.rows == {"2031-04-street.csv": 5} and counts.remarks == ()


def test_the_table_that_the_rest_sees_has_text_and_places(write, count):
    frame = count(write(*ROWS)).frame("crimes")
    assert list(frame.columns) == ["month", "type", "crimes"]
    assert frame.index.to_list() == [2, 3, 4]
    assert frame.loc[2].to_list() == ["2031-04", "Theft", "2"]


def test_several_files_are_one_table(write, count):
    may = write("9,2031-05,North,Theft", "8,2031-05,North,Arson", name="2031-05-street.csv")
    counts = count(write(*ROWS), may)
    frame = counts.frame("crimes")
    assert frame.index.to_list() == [
        *("2031-04-street.csv, row 2", "2031-04-street.csv, row 3", "2031-04-street.csv, row 4"),
        "2031-05-street.csv, row 3",
    ]
    assert frame["crimes"].to_list() == ["2", "2", "2", "1"], "May's theft stands in both files and is one row"
    assert counts.rows == {"2031-04-street.csv": 5, "2031-05-street.csv": 2} and counts.total == 7


def test_columns_may_stand_elsewhere_in_another_file(write, count):
    other = write("Theft,2031-05", name="2031-05-street.csv", head="type,month")
    assert numbers(count(write(*ROWS), other)) == {**EXPECTED, ("2031-05", "Theft"): 2}


def test_a_file_of_no_rows_has_none(write, count):
    counts = count(write())
    assert counts.counted == () and counts.total == 0 and counts.frame("crimes").empty


def test_cells_that_look_the_same_are_counted_together(write, count):
    counts = count(write("1,2031-04,a,Theft", "2, 2031-04 ,a,Theft ", "3,2031-04,a,theft"))
    assert numbers(counts) == {("2031-04", "Theft"): 2, ("2031-04", "theft"): 1}


# ------------------------------------------------------------------------------------------- however it is written
REGULAR = "".join(f"{line}\n" for line in (HEAD, *ROWS))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (REGULAR.encode(), "plain"),
        (REGULAR.encode("utf-8-sig"), "a byte order mark"),
        (REGULAR.replace("\n", "\r\n").encode(), "line ends of another system"),
        (REGULAR.replace("\n", "\r").encode(), "line ends of an old system"),
        (REGULAR.replace("\n", "\r\n", 3).encode(), "line ends of two kinds"),
        (REGULAR.replace("Theft", '"Theft"').encode(), "quotation marks"),
        (REGULAR.encode() + b"\n\r\n\n", "empty lines at the end"),
        (REGULAR.replace("\n", ",,\n").encode(), "empty cells after the last head"),
        (REGULAR.replace("North", '"North,\nthe old ""town"""').encode(), "commas, quotation marks and line breaks"),
        (REGULAR.replace("North", 'North "old"').encode(), "quotation marks inside a cell"),
        (REGULAR.replace("North", '"North" ').encode(), "blanks after a closing quotation mark"),
        (REGULAR.replace("North", ' "North, old"').encode(), "blanks before an opening quotation mark"),
        (REGULAR.replace("South", "Caf\xe9").encode("latin-1"), "other bytes where nobody looks"),
    ],
)
def test_the_same_cells_give_the_same_numbers(write, count, content, what):
    counts = count(write(content))
    assert numbers(counts) == EXPECTED, what
    assert [one.row for one in counts.counted] == [2, 3, 4], "a cell with a line break is in one row"


def test_packed_files_are_read(write, count):
    path = write(gzip.compress(REGULAR.encode()), name="2031-04-street.csv.gz")
    assert numbers(count(path)) == EXPECTED
    half = len(REGULAR) // 2
    parts = gzip.compress(REGULAR[:half].encode()) + gzip.compress(REGULAR[half:].encode())
    assert numbers(count(write(parts, name="2031-04-parts.csv.gz"))) == EXPECTED


def test_parquet_is_read_as_a_person_sees_it(tmp_path, count):
    path = tmp_path / "2031.parquet"
    values = "(DATE '2031-04-01', 118.0, 'a'), (DATE '2031-04-01', 118.0, NULL), (DATE '2031-05-01', 0.5, 'a')"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM (VALUES {values}) AS t(day, size, kind)) TO '{path}' (FORMAT parquet)")
        connection.execute(f"COPY (SELECT [1] AS kind) TO '{tmp_path / 'list.parquet'}' (FORMAT parquet)")
        moment = "TIMESTAMP '2031-04-01 00:00:00' AS day, TIMESTAMP '2031-04-01 09:30:00' AS size, true AS kind"
        connection.execute(f"COPY (SELECT {moment}) TO '{tmp_path / 'moment.parquet'}' (FORMAT parquet)")
    counts = count(path, columns=("day", "size", "kind"))
    assert numbers(counts) == {
        ("2031-04-01", "118", "a"): 1,
        ("2031-04-01", "118", ""): 1,
        ("2031-05-01", "0.5", "a"): 1,
    }
    moments = count(tmp_path / "moment.parquet", columns=("day", "size", "kind"))
    assert numbers(moments) == {("2031-04-01", "2031-04-01 09:30:00", "TRUE"): 1}
    with pytest.raises(SourceError, match=r"the column 'kind' holds values of the type INTEGER\[\], expected texts"):
        count(tmp_path / "list.parquet", columns=("kind",))


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "utf-16"])
def test_other_encodings_are_read_as_the_layout_says(write, count, encoding):
    path = write("1,2031-04,a,Café", "2,2031-04,b,Café", encoding=encoding)
    assert numbers(count(path, layout=Layout(encoding=encoding))) == {("2031-04", "Café"): 2}


@pytest.mark.parametrize(("separator", "character"), [(";", ";"), ("tab", "\t"), ("|", "|")])
def test_other_separators_are_read_as_the_layout_says(write, count, separator, character):
    path = write(REGULAR.replace(",", character).encode())
    assert numbers(count(path, layout=Layout(separator=separator))) == EXPECTED


@pytest.mark.parametrize("header_row", [3, "find"])
def test_a_head_below_a_title_is_found(write, count, header_row):
    counts = count(write(b"Crimes of 2031\n\n" + REGULAR.encode()), layout=Layout(header_row=header_row))
    assert numbers(counts) == EXPECTED and [one.row for one in counts.counted] == [4, 5, 6]


@pytest.mark.parametrize("name", ["a*.csv", "[a]b.csv", "a?b.csv", "a'b.csv", "a\\b.csv", "month=1.csv"])
def test_no_other_file_is_read_for_one_whose_name_looks_like_a_pattern(write, count, name):
    write("1,2031-04,a,Wrong", name="ab.csv")
    write("1,2031-04,a,Wrong", name="axb.csv")
    assert numbers(count(write(*ROWS, name=name))) == EXPECTED


cells = st.text(st.sampled_from(list('ab é,;"\n\r\t|#\\\u2028')), max_size=4)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(cells, cells, cells), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    last_end=st.booleans(),
)
def test_numbers_are_those_of_pythons_own_reader(tmp_path, rows, quoting, end, last_end):
    text = io.StringIO(newline="")
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # Python's writer leaves such a cell bare, and its reader then takes it for two
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([("month", "place", "type"), *rows])
    written = text.getvalue() if last_end else text.getvalue().removesuffix(end)
    path = tmp_path / "any.csv"
    path.write_bytes(written.encode())
    read = list(csv.reader(io.StringIO(written, newline=""), strict=True))[1:]
    expected, first = Counter(), {}
    for row, (month, _, kind) in enumerate(read, start=2):
        key = (month.strip(), kind.strip())
        expected[key] += 1
        first.setdefault(key, row)
    counts = count_rows([path], Layout(), COLUMNS, tmp_path / "cache", {})
    assert {one.cells: (one.rows, one.row) for one in counts.counted} == {
        key: (number, first[key]) for key, number in expected.items()
    }
    assert counts.total == len(rows)


# --------------------------------------------------------------------------------------------------- what is refused
ASK = r" Ask the supplier for the file again\.$"


@pytest.mark.parametrize(
    ("line", "row", "expected"),
    [
        ("7,2031-04", 4, "2 cells found, expected 4 as in the head"),
        ("7,2031-04,North,Theft,extra", 4, "5 cells found, expected 4 as in the head"),
        ("", 4, "the line is empty, expected 4 cells"),
        ("   ", 4, "1 cell found, expected 4 as in the head"),
        ('7,2031-04,"North,Theft', 4, "a quotation mark opens here that nothing closes, expected one that does"),
        ('7,2031-04,"North"x,Theft', 4, "text stands after a closing quotation mark, expected the next cell"),
        ("7,2031-\x0004,North,Theft", 4, "a null byte stands inside the text, so the file is damaged there"),
        ("7,2031-04,Nor\x00th,Theft", 4, "a null byte stands inside the text, so the file is damaged there"),
    ],
)
def test_a_line_that_is_no_row_is_refused_with_its_row(write, count, cache, line, row, expected):
    path = write(*ROWS[:2], line, *ROWS[2:])
    with pytest.raises(SourceError, match=rf"2031-04-street\.csv, row {row}: {expected}\.{ASK}"):
        count(path)
    assert list(cache.iterdir()) == [], "nothing is kept of a file that is refused"


def test_the_row_is_a_spreadsheets_where_cells_hold_line_breaks(write, count):
    with pytest.raises(SourceError, match=r"row 3: 2 cells found"):
        count(write('1,2031-04,"a\nb\nc",Theft', "2,2031-04"))


def test_bytes_of_another_encoding_are_refused_where_they_count(write, count):
    path = write("1,2031-04,a,Theft", "1,2031-04,a,Café", encoding="latin-1")
    with pytest.raises(SourceError, match=r"row 3: found bytes that are no utf-8 text, expected what the layout says"):
        count(path)
    with pytest.raises(SourceError, match=r"the file is windows-1252 text, expected utf-16"):
        count(path, layout=Layout(encoding="utf-16"))


def test_columns_that_are_missing_or_stand_twice_are_refused(write, count):
    with pytest.raises(SourceError, match=r"row 1: the column 'type' is missing, found id, month, kind\. Say under"):
        count(write(head="id,month,kind"))
    with pytest.raises(SourceError, match=r"row 1: the head 'type' stands 2 times, expected once\."):
        count(write(head="month,type,type"))
    with pytest.raises(SourceError, match=r"row 7: the column 'month' is missing, found no heads"):
        count(write(*ROWS), layout=Layout(header_row=7))


def test_every_file_that_is_refused_is_named(write, count):
    paths = [
        write(*ROWS),
        write("1,2031-05", name="2031-05-street.csv"),
        write(head="a,b", name="2031-06-street.csv"),
        write(b"PK", name="2031-07-street.xlsx"),
        write(gzip.compress(REGULAR.encode() * 50)[:-20], name="2031-08-street.csv.gz"),
        write(b"no gzip", name="2031-09-street.csv.gz"),
        write(b"no parquet", name="2031-10.parquet"),
        paths_missing := write(*ROWS, name="2031-11-street.csv"),
    ]
    paths_missing.unlink()
    with pytest.raises(SourceError) as caught:
        count(*paths, checksums={path.name: f"{number:064x}" for number, path in enumerate(paths)})
    said = sorted(str(caught.value).splitlines())
    assert len(said) == 7
    expected = ["2 cells found", "'month' is missing", "rows are counted in csv", *["packed file is damaged"] * 2]
    expected += ["this is no parquet file", "the file is missing. Put it there."]
    assert all(words in sentence for words, sentence in zip(expected, said, strict=True)), said


def test_columns_with_too_many_different_texts_are_refused(write, count, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COMBINATIONS", 3)
    assert len(count(write(*ROWS)).counted) == 3
    with pytest.raises(ConfigurationError, match="counted by id, month, which have more than 3 different combinations"):
        count(write(*ROWS), columns=("id", "month"))


# ------------------------------------------------------------------------------------------------------ what is kept
def test_a_file_is_read_once(write, count, cache, monkeypatch):
    first = count(write(*ROWS))
    (kept,) = cache.iterdir()
    monkeypatch.setattr(row_cache, "copy_columns", None)
    assert count(write(*ROWS, name="2031-04-street.csv")) == first
    assert list(cache.iterdir()) == [kept]


def test_a_file_that_changed_is_read_again(write, count):
    count(write(*ROWS))
    assert numbers(count(write(*ROWS, ROWS[2]))) == {**EXPECTED, ("2031-05", "Theft"): 2}


def test_a_file_is_read_again_where_other_columns_are_counted_or_it_is_laid_out_otherwise(write, count, cache):
    path = write(*ROWS)
    assert numbers(count(path, columns=("type",))) == {("Theft",): 3, ("Noise",): 2}
    assert numbers(count(path, columns=("place", "type")))["North", "Noise"] == 1
    assert numbers(count(path)) == EXPECTED
    assert numbers(count(path, layout=Layout(encoding="windows-1252"))) == EXPECTED
    assert len(list(cache.iterdir())) == 4


@pytest.mark.parametrize("damage", ["cut", "another byte", "another's", "empty"])
def test_what_is_kept_is_made_again_where_it_is_damaged_or_anothers(write, count, cache, damage):
    path = write(*ROWS)
    expected = count(path)
    (kept,) = cache.iterdir()
    content = kept.read_bytes()
    other = write("1,2031-04,a,Other", name="other.csv")
    count(other)
    (foreign,) = set(cache.iterdir()) - {kept}
    place = content.index(b"Theft")
    kept.write_bytes(
        {
            "cut": content[: len(content) // 2],
            "another byte": content[:place] + b"X" + content[place + 1 :],
            "another's": foreign.read_bytes(),
            "empty": b"",
        }[damage]
    )
    assert count(path) == expected
    assert set(cache.iterdir()) == {kept, foreign} and kept.read_bytes() == content


def test_other_files_in_the_folder_are_left_alone(write, count, cache):
    cache.mkdir()
    (cache / "notes.txt").write_text("mine", encoding="utf-8")
    assert numbers(count(write(*ROWS))) == EXPECTED
    assert (cache / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_checksum_that_is_known_is_believed(write, count, cache):
    path = write(*ROWS)
    count(path, checksums={path.name: "5" * 64})
    assert [kept.name[:64] for kept in cache.iterdir()] == ["5" * 64]


def test_the_record_of_opened_files_names_the_raw_file_each_time_and_never_what_is_kept(write, count, cache):
    path, opened, listening = write(*ROWS), [], [True]

    def hear(event, arguments):
        if listening and event == "open" and isinstance(arguments[0], str):
            opened.append(arguments[0])

    sys.addaudithook(hear)
    try:
        for _ in range(2):
            opened.clear()
            count(path, checksums={path.name: "5" * 64})
            assert str(path) in opened
            assert not [name for name in opened if name.startswith(str(cache))]
    finally:
        listening.clear()


# ------------------------------------------------------------------------------------------------ how it is bounded
def test_duckdb_keeps_within_its_memory_and_fetches_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("JOBS", "3")
    with duckdb_reading.connect(tmp_path) as connection:
        names = [
            *("memory_limit", "threads", "temp_directory", "autoinstall_known_extensions"),
            *("autoload_known_extensions", "enable_progress_bar", "preserve_insertion_order"),
        ]
        settings_ = ", ".join(f"current_setting('{name}')" for name in names)
        (applied,) = connection.execute(f"SELECT {settings_}").fetchall()
        found = dict(zip(names, applied, strict=True))
        with pytest.raises(duckdb.Error, match="read_xlsx"):
            connection.execute("SELECT * FROM read_xlsx('some.xlsx')")
    assert found == {
        "memory_limit": "476.8 MiB",  # 500 MB
        "threads": 3,
        "temp_directory": str(tmp_path / "duckdb"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "enable_progress_bar": False,
        "preserve_insertion_order": True,
    }


def test_numbers_and_places_do_not_depend_on_threads_and_buffers(write, tmp_path, monkeypatch):
    # Long enough for many buffers, and for more than one group of rows of a parquet file.
    lines = [f'{n},2031-{n % 12 + 1:02d},"a, b",T{n * n % 97}' for n in range(150_000)]
    path = write(*lines)
    expected = {}
    for row, n in enumerate(range(150_000), start=2):
        key = (f"2031-{n % 12 + 1:02d}", f"T{n * n % 97}")
        number, first = expected.get(key, (0, row))
        expected[key] = (number + 1, first)
    for jobs, buffer in (("1", 8_000_000), ("4", 100_000)):
        monkeypatch.setenv("JOBS", jobs)
        monkeypatch.setattr(duckdb_reading, "BUFFER", buffer)
        counts = count_rows([path], Layout(), COLUMNS, tmp_path / jobs, {})
        assert {one.cells: (one.rows, one.row) for one in counts.counted} == expected
        assert counts.total == 150_000


def test_line_breaks_that_look_like_rows_are_not_counted_as_rows(write, count, monkeypatch):
    # A reader that begins in the middle of such a cell takes its lines for rows.
    monkeypatch.setattr(duckdb_reading, "BUFFER", 20_000)
    monkeypatch.setenv("JOBS", "4")
    inside = "\n".join("9,2031-09,x,Wrong" for _ in range(3000))
    counts = count(write("1,2031-04,a,Theft", f'2,2031-04,"{inside}",Theft', "3,2031-05,a,Theft"))
    assert numbers(counts) == {("2031-04", "Theft"): 2, ("2031-05", "Theft"): 1}


# ------------------------------------------------------------------------------------------------- what is remarked
def test_a_last_line_without_an_end_is_remarked_each_time(write, count):
    path = write(REGULAR.removesuffix("\n").encode())
    for _ in range(2):
        (remark,) = count(path).remarks
        assert (remark.kind, remark.where, remark.asks) == ("no_line_end", "2031-04-street.csv, row 6", True)


@pytest.mark.parametrize(("rows", "counted"), [(65_535, "rows with its heads"), (65_536, "rows of data")])
def test_a_table_that_ends_where_old_workbooks_end_is_remarked(rows, counted, write, count):
    counts = count(write(*["1,2031-04,a,Theft"] * rows))
    (remark,) = counts.remarks
    assert remark[:2] == ("cut_at_row_limit", f"2031-04-street.csv, row {rows + 1}")
    assert f"exactly 65,536 {counted}" in remark.words
    assert counts.total == rows


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1"])
def test_an_encoding_that_would_change_letters_in_silence_is_refused(declared, write, count):
    path = write("1,2031-04,a,Crimes contre l’État", encoding="utf-8")
    with pytest.raises(SourceError, match=f"the file is utf-8 text, expected {declared}. Say encoding: utf-8 in"):
        count(path, layout=Layout(encoding=declared))
    assert count(path).counted[0].cells == ("2031-04", "Crimes contre l’État")


def test_cells_of_a_tsv_are_separated_by_tabs(tmp_path, count):
    path = tmp_path / "2031-04-street.tsv"
    path.write_text("month\tplace\ttype\n2031-04\ta, b\tTheft\n")
    assert count(path).total == 1


def test_a_packed_file_is_one_however_its_name_is_written(tmp_path, count):
    path = tmp_path / "2031-04-STREET.CSV.GZ"
    path.write_bytes(gzip.compress(REGULAR.encode()))
    assert count(path).total == REGULAR.count("\n") - 1


def test_a_file_that_is_there_twice_is_counted_and_remarked(write, count):
    counts = count(write(*ROWS), write(*ROWS, name="2031-04-street (2).csv"))
    assert counts.total == 10
    (remark,) = counts.remarks
    assert (remark.kind, remark.where, remark.asks) == ("same_file_twice", "2031-04-street (2).csv", True)


def test_rows_of_another_month_than_the_name_says_are_remarked(write, count):
    june = write("1,2031-06,a,Theft", name="2031-06-street.csv")
    counts = count(write(*ROWS, "6,2030-04,a,Theft", "7,,a,Theft"), june, write(*ROWS, name="all.csv"))
    (remark,) = month_remarks(counts, "month", lambda cell: cell or None)
    assert (remark.kind, remark.where, remark.asks) == ("other_month", "2031-04-street.csv, row 4", True)
    assert remark.words == "3 of 7 rows are of 2030-04, 2031-05, no month, the file's name says 2031-04"


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("2014-03-leicestershire-street.csv", "2014-03"),
        ("street_201403.csv.gz", "2014-03"),
        ("2014_12.parquet", "2014-12"),
        ("2014-03-street-2014-03.csv", "2014-03"),
        ("2014-03-to-2014-05.csv", None),
        ("2014-13.csv", None),
        ("2014-03-15 export.csv", None),
        ("120143.csv", None),
        ("street.csv", None),
    ],
)
def test_the_month_of_a_name(tmp_path, name, month):
    assert month_of_name(tmp_path / name) == month


# -------------------------------------------------------------------------------------------- a table of the plan
@pytest.fixture
def receive(cache):
    """Return a function that receives files as a table of the plan with a layout."""

    def _receive(*paths, columns=("month", "type"), quarter="2031Q1", **layout):
        kinds = {name: "month" if name == "month" else "category" for name in columns} | {"crimes": "count"}
        counted = {"by": list(columns), "column": "crimes"}
        table = {"files": "*-street.csv", "columns": kinds, "key": list(columns)}
        spec = SupplierFile.model_validate(
            {**table, "layout": {"counted": counted, "other_columns": "unread", **layout}}
        )
        return receive_counted(paths, "street", spec, Quarter.parse(quarter), cache)

    return _receive


def table_of(received):
    return {tuple(row[:-1]): row[-1] for row in received.text.to_numpy().tolist()}


def test_a_counted_table_is_as_the_plan_has_it(write, receive):
    received = receive(write(*ROWS))
    assert table_of(received) == {key: str(number) for key, number in EXPECTED.items()}
    assert received.text.index.to_list() == [2, 3, 4] and received.rows == 5
    kinds = [remark.kind for remark in received.remarks]
    assert kinds == ["other_month", "columns_unread"]
    assert received.remarks[1].words == "2 columns are unread: 'id', 'place'"


def test_months_are_read_in_the_form_that_the_layout_says(write, receive):
    path = write(*(line.replace("2031-04", "04/2031").replace("2031-05", "05/2031") for line in ROWS[:3]))
    received = receive(path, forms={"month": "04/2022"})
    assert table_of(received) == {("2031-04", "Theft"): "1", ("2031-04", "Noise"): "1", ("2031-05", "Theft"): "1"}
    assert [one.words for one in received.remarks if one.kind == "other_month"] == [
        "1 of 3 rows are of 2031-05, the file's name says 2031-04"
    ]


def test_what_is_picked_by_a_column_that_the_plan_has_not_is_added_up(write, receive):
    may = write("9,2031-05,North,Theft", "8,2031-05,West,Theft", name="2031-05-street.csv", head=HEAD)
    received = receive(write(*ROWS), may, leave_out={"place": ["South", "West"]})
    assert table_of(received) == {("2031-04", "Theft"): "2", ("2031-04", "Noise"): "1", ("2031-05", "Theft"): "2"}
    assert received.text.index.to_list() == [
        *("2031-04-street.csv, row 2", "2031-04-street.csv, row 4", "2031-04-street.csv, row 5")
    ]
    (left_out,) = [remark for remark in received.remarks if remark.kind == "rows_left_out"]
    assert left_out.words == "2 rows are left unread by `leave_out`" and received.rows == 7


def test_rows_that_are_left_unread_are_told_in_rows_of_the_file(write, receive):
    late = ["6,2031-07,North,Theft"] * 1500
    received = receive(write(*ROWS, *late), only={"type": "Theft"}, later="unread")
    assert table_of(received) == {("2031-04", "Theft"): "2", ("2031-05", "Theft"): "1"}
    words = {remark.kind: remark.words for remark in received.remarks}
    assert words["rows_left_out"] == "2 rows are left unread by `only`"
    assert words["rows_later"] == "1,500 rows are dated after the quarter"


def test_heads_and_joined_columns_are_the_layouts(write, receive):
    path = write("2031/32,1,Theft", "2031/32,1,Theft", "2031/32,2,Theft", head="Year,No,Kind")
    counted = {"by": ["quarter", "type"], "column": "crimes"}
    table = {"file": "2031-04-street.csv", "columns": {"quarter": "quarter", "type": "category", "crimes": "count"}}
    layout = {"heads": {"type": "Kind"}, "join": {"quarter": ["Year", "No"]}, "forms": {"quarter": "2022/23 1"}}
    spec = SupplierFile.model_validate({**table, "key": ["quarter", "type"], "layout": {**layout, "counted": counted}})
    received = receive_counted([path], "street", spec, Quarter.parse("2031Q2"), path.parent / "cache")
    assert table_of(received) == {("2031Q1", "Theft"): "2", ("2031Q2", "Theft"): "1"}


def test_columns_that_nobody_counts_by_are_refused_unless_the_layout_says(write, receive):
    with pytest.raises(SourceError, match="found the columns 'id', 'place' too, expected only 'month', 'type'"):
        receive(write(*ROWS), other_columns="refuse")


# duckdb takes this process for a notebook's: there is IPython's shell with a kernel, and no file is run.
IN_A_NOTEBOOK = """
import sys
import __main__
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

InteractiveShell.instance(config=Config({"IPKernelApp": {"connection_file": ""}}))
vars(__main__).pop("__file__", None)

from panelpack.config.layout import Layout
from panelpack.intake.containers.reading import read_grids
from panelpack.intake.large_tables.counting import count_rows

csv, parquet, cache = map(Path, sys.argv[1:])
print(sum(count_rows([csv], Layout(), ["month", "type"], cache, {}).rows.values()))
print(len(read_grids(parquet, Layout(), [])[0].cells))
"""


def test_large_tables_and_parquet_files_are_read_in_a_notebook_without_widgets(tmp_path, write):
    duckdb.connect().execute(f"COPY (SELECT 'a' AS x UNION ALL SELECT 'b') TO '{tmp_path / 'x.parquet'}'")
    paths = [write(*ROWS), tmp_path / "x.parquet", tmp_path / "cache"]
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NOTEBOOK, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["5", "3"], done.stderr
