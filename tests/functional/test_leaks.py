"""Nothing that may not be shown is published, printed or kept: planted values are looked for in every byte.

Offices and quarters are listed by looking. In a copy of each, every cell that is embargoed, suppressed, redacted or
about a person is made unmistakable, and its quarter is made. Then nothing of it may be found; and what is published
must be, byte for byte, what it was with other values and with more rows: so no difference, share, size, number of rows
or length of a line tells any of it either.
"""

import csv
import io
import json
import os
import re
import shutil
import traceback
from datetime import date
from types import SimpleNamespace

import pytest
import yaml

import running
from leaks.containers import Piece, pieces_of, pieces_of_tree
from leaks.faults import FORMS, OF_FILES, Further, failing_suite, wrong_cells
from leaks.offices import OfficeCopy, find_offices, name_of, quarters_of, variants
from leaks.search import find
from leaks.swapped import swap_hidden_months
from panelpack.__main__ import main
from planting import cells, lay_out

LONG = bool(os.environ.get("PANELPACK_LONG"))
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("leaks")]  # a quarter is made once

EVERY = [(office, quarter) for office in find_offices() for quarter in quarters_of(office)]
# What depends on a keyed hash, which is another for other values, and tells none.
HIDDEN = ("drug_treatment", "missing_people")  # the tables of the made-up office of which no cell may be shown
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def said_by(*runs):
    """What commands printed."""
    return [Piece(f"{kind} of {run.args[3:]}", said) for run in runs for kind, said in _streams(run)]


def _streams(run):
    return ("stdout", run.stdout), ("stderr", run.stderr)


def ok(copy, *arguments):
    done = copy.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def receive(copy):
    return [ok(copy, "receive", drop) for drop in copy.drops]


def published(copy):
    yield from pieces_of_tree(copy.office / "outputs", within=copy.office)
    # It is in git, and so are its checksums; those of a later quarter, in which the file is open, tell nothing of it.
    folders = (path for path in (copy.office / "data" / "raw").iterdir() if path.name <= str(copy.quarter))
    for path in sorted(path for folder in folders for path in folder.glob("sources.yml")):
        yield from pieces_of(path.relative_to(copy.office).as_posix(), path.read_bytes())


def kept(copy):
    return pieces_of_tree(copy.office / "data" / "processed", within=copy.office, read=copy.office / "outputs")


def leaks_of(copy, planted, runs):
    """Return what is found of planted values in all that is published, kept in the office or printed."""
    found = find([*published(copy), *said_by(*runs)], planted | copy.salts())
    return [*map(str, found), *map(str, find(kept(copy), planted, with_checksums=False))]


def unlike(one, other):
    """Return the files of two folders of outputs that are not alike but for hashes."""
    names = {path.relative_to(folder).as_posix() for folder in (one, other) for path in _files(folder)}
    return sorted(name for name in names if _masked(one / name) != _masked(other / name))


def _files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def _masked(path):
    if not path.is_file():
        return None
    content = path.read_bytes()
    if path.name in ("manifest.json", "ro-crate-metadata.json"):  # only these two list what a pack was made from
        return HASH.sub("#", content.decode())
    if (manifest := path.parents[1] / "manifest.json").is_file():  # the sheet names the pack that it is about
        return content.replace(json.loads(manifest.read_text(encoding="utf-8"))["seal"][:12].encode(), b"#")
    return content


# ------------------------------------------------------------------------------------------------ one office
@pytest.fixture(scope="module")
def made(made_run, tmp_path_factory):
    """The made-up office with values planted, and months swapped of which only quarters are shown."""
    root = tmp_path_factory.mktemp("leaks") / "office"
    shutil.copytree(made_run.root, root)  # with what was made there, so that only what must runs again
    copy = OfficeCopy(root, root, running.QUARTER)
    planted = copy.plant()
    swapped = swap_hidden_months(copy, root / "data" / "processed" / running.QUARTER / "series")
    runs = [*receive(copy), ok(copy, "quarter", running.QUARTER)]
    return SimpleNamespace(copy=copy, planted=planted, swapped=swapped, runs=runs)


def test_nothing_that_was_planted_is_found(made):
    assert len(made.planted.values) > 100
    assert leaks_of(made.copy, made.planted, made.runs) == []


def test_all_that_is_published_would_be_the_same_with_other_values_and_more_rows(made, made_run):
    assert made.swapped > 0
    assert unlike(made_run.root / "outputs" / running.QUARTER, made.copy.office / "outputs" / running.QUARTER) == []


# ------------------------------------------------------------------------------------------------ every office
def cases():
    return list(_cases())


def _cases():
    for office, quarter in EVERY:
        copy = SimpleNamespace(office=office, quarter=quarter)
        tables = OfficeCopy(office, office, copy.quarter).read_tables
        for turn, statuses in enumerate(variants(tables)):
            yield pytest.param(office, quarter, statuses, id=f"{name_of(office)}-{quarter}-{turn}")


@pytest.mark.skipif(not LONG, reason="every office takes many minutes; set PANELPACK_LONG=1 to make them")
@pytest.mark.parametrize(("office", "quarter", "statuses"), cases())
def test_nothing_of_any_office_is_found_whatever_is_withheld(office, quarter, statuses, tmp_path):
    copy = OfficeCopy.make(office, quarter, tmp_path)
    copy.withhold(statuses)
    copy.plant(turn=1)
    receive(copy)
    ok(copy, "quarter", quarter)
    shutil.copytree(copy.office / "outputs" / quarter, tmp_path / "before")
    planted = copy.plant()
    swapped = swap_hidden_months(copy, copy.office / "data" / "processed" / quarter / "series")
    runs = [*receive(copy), ok(copy, "quarter", quarter), ok(copy, "request", quarter)]
    leaks = leaks_of(copy, planted, runs)
    counts = f"{len(planted.values)} values planted, {swapped} rows swapped, {len(leaks)} found"
    print(f"{name_of(office)} {quarter} {statuses}: {counts}")
    assert leaks == []
    assert unlike(tmp_path / "before", copy.office / "outputs" / quarter) == []


# ------------------------------------------------------------------------------------- what is asked and corrected
@pytest.fixture(scope="module")
def asked(made, tmp_path_factory):
    """That office once more, with everything that makes the code speak of a figure: see `provoke`."""
    root = tmp_path_factory.mktemp("asked") / "office"
    shutil.copytree(made.copy.office, root)
    copy = OfficeCopy(root, root, running.QUARTER)
    copy.withhold({"night_time_economy": "suppressed", "savings": "redacted"})
    planted = copy.plant()
    provoke(copy, Further(planted))
    runs = [*receive(copy), ok(copy, "validate", copy.quarter)]
    return SimpleNamespace(copy=copy, planted=planted, validated=runs[-1].stdout, runs=runs)


def provoke(copy, further):
    """Plant what must be asked about, what was restated since and what is corrected, of tables of every kind.

    An embargoed number far from all others; a person in hundreds of reports; an open number that is withheld now and
    was not before; one of an internal table that was another before; corrections of embargoed, person-level and
    internal cells.
    """
    raw = copy.office / "data" / "raw"
    embargoed, persons = (list(csv.DictReader((raw / copy.quarter / f"{name}.csv").open())) for name in HIDDEN)
    outlier = f"{further.value('an embargoed number ten times as large as others')}0"
    edit(raw / copy.quarter / "drug_treatment.csv", cells("completions", outlier, quarter=copy.quarter))
    person = f"P{further.value('a person in many reports')}"
    rows = "".join(f"R{further.value('one of many reports')},2015-06,{person}\n" for _ in range(313))
    edit(raw / copy.quarter / "missing_people.csv", lambda text: text + rows)

    lay_out(SimpleNamespace(root=copy.office), "recorded_crime")
    edit(raw / copy.quarter / "recorded_crime.csv", cells("offences", "*", month="2013-09", offence="robbery"))
    before = further.value("a number that is suppressed now")
    edit(raw / "2014Q4" / "recorded_crime.csv", cells("offences", before, month="2013-09", offence="robbery"))

    survey = {"month": "2013-09", "victim_group": "burglary"}
    edit(raw / "2014Q4" / "victim_survey.csv", cells("satisfied", further.value("an internal number before"), **survey))
    supplied = further.value("an internal number as supplied")
    edit(raw / copy.quarter / "victim_survey.csv", cells("satisfied", supplied, **survey))
    corrections = [
        ("drug_treatment", {"quarter": embargoed[0]["quarter"]}, "completions", embargoed[0]["completions"]),
        ("missing_people", {"report": persons[0]["report"]}, "person", persons[0]["person"]),
        ("victim_survey", survey, "satisfied", supplied),
    ]
    new = {"drug_treatment": further.value("corrected"), "missing_people": f"P{further.value('corrected')}"}
    entries = [
        {"file": f"{copy.quarter}/{table}.csv", "key": key, "column": column, "old": old, "new": new.get(table, "50")}
        | {"reason": "It was keyed twice.", "decided_by": "Analyst", "decided_on": date(2015, 8, 20)}
        for table, key, column, old in corrections
    ]
    (raw / copy.quarter / "corrections.yml").write_text(yaml.safe_dump({"corrections": entries}), encoding="utf-8")


def edit(path, change):
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before


def test_the_analyst_is_asked_without_a_number(asked):
    assert f"drug_treatment {running.QUARTER} scale completions: its figures may not be shown." in asked.validated
    assert "missing_people 2015-06" in asked.validated


def test_nothing_is_found_where_something_is_asked_restated_and_corrected(asked):
    asked.runs.append(ok(asked.copy, "quarter", asked.copy.quarter))
    assert leaks_of(asked.copy, asked.planted, asked.runs) == []
    named = re.compile(r"(drug_treatment|missing_people) 2015")
    assert [piece.where for piece in published(asked.copy) if named.search(piece.text)] == []
    made_of = json.loads((asked.copy.office / "outputs" / asked.copy.quarter / "manifest.json").read_text("utf-8"))
    assert made_of["open_points"]["other"] > 0, "it is said only that there are such points"


def test_the_checks_do_not_say_how_many_rows_there_are(asked):
    folder = asked.copy.office / "data" / "processed" / asked.copy.quarter
    with (folder / "checks.csv").open(encoding="utf-8", newline="") as file:
        counts = {(row["table"], row["checked"]) for row in csv.DictReader(file)}
    assert {count for table, count in counts if table in HIDDEN} == {"0"}
    assert ("recorded_crime", "468") in counts


# ------------------------------------------------------------------------------------------ what is said of faults
@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A planted office whose files are made wrong, one way after the other."""
    copy = OfficeCopy.make(running.OFFICE, running.QUARTER, tmp_path_factory.mktemp("faults"))
    further = Further(copy.plant())
    raw = {path: path.read_text(encoding="utf-8") for path, _ in copy.files(copy.quarter)}
    return SimpleNamespace(copy=copy, further=further, raw=raw)


@pytest.fixture
def say(faulty, monkeypatch, capsys):
    """Return what runs a command for the office, in this process, and gives what it said."""
    monkeypatch.setenv("OFFICE", str(faulty.copy.office))
    monkeypatch.chdir(faulty.copy.root)

    def command(*arguments):
        try:
            main(list(arguments))
        except Exception:  # as Python would print it
            traceback.print_exc()
        captured = capsys.readouterr()
        return [Piece(f"stdout of {arguments}", captured.out), Piece(f"stderr of {arguments}", captured.err)]

    return command


def wrong_files(faulty, fault):
    for path, table in faulty.copy.files(faulty.copy.quarter):
        text = fault(faulty.raw[path], faulty.copy.tables[table], faulty.further)
        path.write_bytes(text.encode("utf-8", errors="surrogateescape"))


OF_CELLS = {f"cells {forms[0]} to {forms[-1]}": wrong_cells(forms) for forms in FORMS}
FAULTS = OF_CELLS | OF_FILES
SOON = (*OF_CELLS, "other heads", "an open quotation mark")  # the others take half a minute


@pytest.mark.parametrize("name", [name for name in FAULTS if LONG or name in SOON])
def test_no_message_about_a_file_quotes_what_stands_in_it(name, faulty, say):
    wrong_files(faulty, FAULTS[name])
    verbs = [("validate",), ("check",), *([("receive",), ("compare", "2014Q4")] if LONG else [])]
    said = [piece for verb in verbs for piece in say(*verb, running.QUARTER)]
    assert [str(found) for found in find(said, faulty.further.planted, with_checksums=False)] == []
    # Python's own words quote pieces of a cell.
    assert [piece.text for piece in said if "Traceback" in piece.text] == []


def test_no_notebook_that_failed_quotes_what_stands_in_a_file(faulty):
    copy = faulty.copy
    wrong_files(faulty, wrong_cells(FORMS[0]))
    for table in HIDDEN:
        path = copy.office / "expectations" / f"{table}.json"
        path.write_text(failing_suite(copy.tables[table]), encoding="utf-8")
    done = copy.run("quarter", copy.quarter)
    failed = copy.office / "outputs" / f"{copy.quarter}-failed"
    assert done.returncode == 1 and all(f"expectations/{table}.json" in done.stderr for table in HIDDEN)
    assert {path.name for path in failed.iterdir()} >= {"1_validate.ipynb", "1_validate.html"}
    assert leaks_of(copy, faulty.further.planted, [done]) == []
    assert [piece.where for piece in published(copy) if "invalid literal" in piece.text] == []


@pytest.mark.skipif(not LONG, reason="a run for each mistake; set PANELPACK_LONG=1 to make them")
def test_no_refusal_of_a_correction_quotes_a_cell(faulty, say):
    wrong_files(faulty, lambda text, table, further: text)
    beside, published_one = faulty.copy.office / "data" / "raw" / faulty.copy.quarter, faulty.copy.office / "params"
    folders, refused = ([beside, published_one] if LONG else [beside]), []
    for table in HIDDEN:
        entry = {"file": f"{faulty.copy.quarter}/{table}.csv", "reason": "It was keyed twice.", "decided_by": "Analyst"}
        for change in wrong_corrections(faulty, table):
            entries = [entry | {"decided_on": date(2015, 8, 20)} | change]
            for path in (folder / "corrections.yml" for folder in folders):
                path.write_text(yaml.safe_dump({"corrections": entries}), encoding="utf-8")
                said = say("validate", faulty.copy.quarter)
                refused += map(str, find(said, faulty.further.planted, with_checksums=False))
                assert any(f"{path.parent.name}/corrections.yml, line" in piece.text for piece in said)
                path.unlink()
    assert refused == []


def wrong_corrections(faulty, table):
    """Yield keys, columns, old and new values of which each has something wrong."""
    row, *_ = csv.DictReader(
        io.StringIO(faulty.raw[faulty.copy.office / f"data/raw/{faulty.copy.quarter}/{table}.csv"])
    )
    key = {column: row[column] for column in {"drug_treatment": ["quarter"], "missing_people": ["report"]}[table]}
    column = list(row)[-1]
    right = {"key": key, "column": column, "old": row[column], "new": faulty.further.value("new")}
    yield right | {"old": faulty.further.value("not the old value")}
    yield right | {"key": {name: faulty.further.value("no such key") for name in key}}
    yield right | {"column": faulty.further.value("no column")}
    yield right | {"key": {faulty.further.value("no column of the key"): "x"}}
    if LONG:
        yield right | {"new": row[column]}
        yield right | {"key": {name: [faulty.further.value("a list")] for name in key}}
        yield right | {"decided_on": date(2031, 8, 20)}
