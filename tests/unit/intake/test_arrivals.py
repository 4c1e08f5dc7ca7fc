"""What lies in a raw folder beside what sources.yml says: each file is named, with what to type."""

import pytest

from panelpack.config.sources import NOT_RECEIVED
from panelpack.intake.arrivals import differs, fits, missing, unnamed

HEAD = b"month,offence,offences\n2015-04,robbery,3\n"
OTHER = b"quarter,area,entrants\n2015Q1,North,3\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "recorded.csv").write_bytes(HEAD)
    (tmp_path / "entrants.csv").write_bytes(OTHER)
    (tmp_path / "sources.yml").write_text("files: {}\n")
    (tmp_path / ".gitkeep").touch()
    return tmp_path


NAMED = ("recorded.csv", "entrants.csv", "workbook.xlsx", "*-street.csv")


def test_files_that_are_named_or_fit_a_pattern_are_no_strangers(folder):
    (folder / "2015-04-street.csv").write_bytes(b"x")
    assert unnamed(folder, NAMED, "2015Q1") == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("recorded (2).csv", b"x,y\n", "Its name is like that of recorded.csv: if it replaces that file, put it in its "
         "place under the name recorded.csv and type make receive Q=2015Q1; else remove it, or add an entry for it."),
        ("ASB final FINAL.csv", OTHER, "It has the columns of entrants.csv: if it replaces that file, put it in its "),
        ("recorded-new.csv", OTHER, "It has the columns of entrants.csv: "),
        ("entrants_v2.csv", b"\xef\xbb\xbfMonth,Offence,Offences\r\n", "It has the columns of recorded.csv: "),
        ("Workbook.xlsx", b"PK\x03\x04", "Its name is like that of workbook.xlsx: "),
        ("2015-04-streets.csv", b"x", "Its name is like that of *-street.csv: if it is one of those, give it a name "
         "that fits; else remove it."),
        ("minutes.docx", b"PK\x03\x04", "Remove it, or add an entry for it."),
        ("empty.txt", b"", "Remove it, or add an entry for it."),
    ],
)  # fmt: skip
def test_a_file_that_nobody_named_is_named_with_the_one_that_it_may_replace(name, content, told, folder):
    (folder / name).write_bytes(content)
    (sentence,) = unnamed(folder, NAMED, "2015Q1")
    assert sentence.startswith(f"{folder / name}: sources.yml has no entry for this file. {told}")


@pytest.mark.parametrize("name", [".DS_Store", ".~lock.recorded.csv#", "~$workbook.xlsx", "Thumbs.db", "desktop.ini"])
def test_what_a_program_leaves_in_a_folder_is_nobody_s(name, folder):
    (folder / name).write_bytes(HEAD)
    assert unnamed(folder, NAMED, "2015Q1") == []
    assert not fits(name, "*")


def test_a_folder_is_no_file(folder):
    (folder / "old").mkdir()
    assert unnamed(folder, NAMED, "2015Q1") == [
        f"{folder / 'old'}: this is a folder, expected files alone. Move its files up or remove it."
    ]


def test_a_file_that_never_came_is_told_apart_from_one_that_is_gone_or_another(tmp_path):
    path, known, found = tmp_path / "a.csv", "a" * 64, "b" * 64
    assert missing(path, NOT_RECEIVED, "the Council", "2015Q2") == (
        f"{path}: not received yet. Put the file of the Council there under this name, and type make receive Q=2015Q2"
    )
    assert missing(path, known, "the Council", "2015Q2") == (
        f"{path}: the file is missing. It was received (sha256 aaaaaaaaaaaa): put it back."
    )
    assert differs(path, found, NOT_RECEIVED, "2015Q2") == (
        f"{path}: the file is there and was not received yet. Type make receive Q=2015Q2"
    )
    assert differs(path, found, known, "2015Q2") == (
        f"{path}: sha256 is {found}, sources.yml has {known}. If the supplier sent a new file, record it with: "
        "make receive Q=2015Q2"
    )
