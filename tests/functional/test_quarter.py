"""The main job, whole: what `make quarter` leaves behind, for the made-up office and, where it is, this one."""

import csv
import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import openpyxl
import pypdf
import pytest

import running
from panelpack.audit.verify import copy_inputs
from panelpack.indicators.results import RESULT_COLUMNS, count_verdicts, headline_sentence
from panelpack.make_quarter import steps_of
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.publishing.inputs import describe_inputs
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest
from recomputation import Book, faults_of_access, work_out
from running import QUARTER, ROOT, copy_project, run

pytestmark = pytest.mark.slow
COMMENTARY_COLUMNS = ["paragraph", "section", "priority", "text", "indicators", "origin", "figures"]


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def steps(office):
    return [step.name for step in steps_of(office)]


@pytest.fixture(scope="module")
def indicators(results):
    return {name: result for name, result in results.items() if not result.measure}


def test_the_terminal_shows_each_notebook_and_ends_with_headline_and_paths(made_run, steps, indicators):
    lines = made_run.stdout.splitlines()
    done = [line.split()[0] for line in lines if re.fullmatch(r"\S+ +done +\d+\.\d s", line)]
    assert sorted(done) == sorted(steps)
    assert lines[0] == "Panel pack 2015Q1: Quarter 1 2015/16"
    assert lines[-7] == headline_sentence(count_verdicts(indicators.values()))
    assert lines[-6] == "DRAFT: This pack has not been approved."
    assert lines[-5].startswith("Under embargo until 5 November 2015: drug_treatment. After that: make reissue")
    assert [(made_run.root / line.strip()).exists() for line in lines[-4:]] == [True] * 4
    assert made_run.stderr == ""


def test_the_headline_of_the_made_up_office_is_as_it_was_worked_out(made_run):
    assert (
        "23 indicators: 8 better (34.8%, 4 clear), 5 no clear change (21.7%), 3 worse (13.0%, 0 clear), "
        "7 not assessed (30.4%)" in made_run.stdout
    )


def test_every_file_of_the_pack_is_there(made_quarter, steps):
    pack = sorted(path.name for path in (made_quarter / "pack").iterdir())
    data = ["commentary.csv", "dictionary.csv", "indicators.csv", "indicators.xlsx", "periods.csv", "series.csv"]
    assert pack == sorted([*data, "panel-pack.html", "panel-pack.pdf"])
    review = {path.name for path in (made_quarter / "review").iterdir()}
    assert review == {"index.html", *(f"{step}.{kind}" for step in steps for kind in ("html", "ipynb", "pdf"))}
    beside = {path.name for path in made_quarter.iterdir() if path.is_file()}
    assert beside == {"manifest.json", "run.json", "ro-crate-metadata.json", "workflow.cwl"}


def test_indicators_csv_has_every_indicator_as_it_is_computed_from_the_raw_data(made_quarter, indicators):
    table = rows(made_quarter / "pack" / "indicators.csv")
    named = {"notes": "note"}
    assert list(table[0]) == [named.get(name, name) for name in RESULT_COLUMNS if name != "measure"]
    assert [row["indicator"] for row in table] == list(indicators)
    for row in table:
        result = indicators[row["indicator"]]
        told = (result.verdict, result.reason, result.evidence, result.note)
        assert (row["verdict"], row["reason"], row["evidence"], row["note"]) == told
        assert (float(row["latest"]) if row["latest"] else None) == result.latest
        assert (row["verdict"] == "") == (row["scored"] == "False")
        assert not re.search(r"\bnan\b|None", "".join(row.values()))


def test_the_workbook_has_the_numbers_of_the_csv(made_quarter):
    book = Book.read(made_quarter / "pack" / "indicators.xlsx")
    table = rows(made_quarter / "pack" / "indicators.csv")
    assert list(book.tables["Indicators"][0]) == list(table[0])
    for cells, row in zip(book.tables["Indicators"], table, strict=True):
        for name in ("baseline", "latest", "lower_95"):
            # A workbook keeps 15 digits.
            is_sign = cells[name] in ("[c]", "[x]", "[z]")
            assert is_sign if row[name] == "" else cells[name] == pytest.approx(float(row[name]), rel=1e-14)
    assert list(faults_of_access(made_quarter / "pack" / "indicators.xlsx")) == []
    ways, wrong = work_out(book)
    assert wrong == [] and "stated" not in ways.values()


def test_every_sheet_that_the_pack_names_is_in_the_workbook(made_quarter):
    page = (made_quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    said = re.findall(r"sheets? ((?:“[^”]+”(?:, | and )?)+) of", re.sub("<[^>]+>", "", page))
    named = {name for names in said for name in re.findall("“([^”]+)”", names)}
    assert named and named <= {*openpyxl.load_workbook(made_quarter / "pack" / "indicators.xlsx").sheetnames}


def test_commentary_csv_has_every_paragraph(made_quarter, office):
    table = rows(made_quarter / "pack" / "commentary.csv")
    assert list(table[0]) == COMMENTARY_COLUMNS
    numbered = len(office.commentary.paragraphs)
    assert [row["paragraph"] for row in table] == [str(n) for n in range(1, numbered + 1)] and numbered > 40
    assert {row["origin"] for row in table} == {"computed", "written"}
    assert all("{{" not in row["text"] and row["text"] for row in table)
    assert all((row["origin"] == "computed") == bool(row["indicators"]) for row in table)


def test_the_pdf_is_one_tagged_document_with_header_contents_and_bookmarks(made_quarter, office):
    pdf = pypdf.PdfReader(made_quarter / "pack" / "panel-pack.pdf")
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].lower().startswith("en")
    assert "pdfuaid:part" in catalogue["/Metadata"].get_data().decode()
    assert pdf.metadata.title == "Quarter 1 2015/16 – Performance report"
    marks = [item.title for item in flattened(pdf.outline)]
    assert [mark for mark in marks if mark.endswith(")") and "Appendix" in mark] == [
        "Police and Crime Plan – Partnership Dashboard (Appendix A)",
        "Priority pages (Appendix B)",
        "Methods (Appendix C)",
    ]
    names = [f"{box.number} {box.name}" for box in office.plan.priorities]
    assert [name for name in names for mark in marks if mark.startswith(name)] == names
    last = pdf.pages[-1].extract_text()
    assert "DRAFT · PUBLIC" in last
    assert f"Page {len(pdf.pages)} of {len(pdf.pages)}" in last


def flattened(outline) -> list:
    return [leaf for item in outline for leaf in (flattened(item) if isinstance(item, list) else [item])]


def test_the_pack_says_that_detail_is_reconstructed_and_marks_other_populations(made_quarter):
    page = (made_quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert "The data of this quarter are reconstructed; no printed paper holds their totals." in page
    assert "The suppliers’ files behind these figures were never published" in page.replace("'", "’")
    assert page.count("Not like with like: the latest figure is of victims of all vehicle crime") == 2


def test_the_pack_shows_no_working_and_the_review_copies_do(made_quarter):
    pack = (made_quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    copy = (made_quarter / "review" / "3_priority-SP01.html").read_text(encoding="utf-8")
    for words in ("Working: from series to result", "Priority 1: periods compared", "Priority 1: evidence weighed"):
        assert words in copy and words not in pack


def test_the_pack_marks_and_lists_what_was_restated(made_quarter):
    page = (made_quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert "figures revised since the report of the quarter before [r]" in page
    assert page.count("[r]</td>") > 5
    assert "[r] revised since the report of the quarter before.</span></caption>" in page


def test_the_pack_needs_no_network_and_names_no_file_of_the_machine(made_quarter, made_run):
    for path in [*made_quarter.rglob("*.html"), *made_quarter.rglob("*.ipynb"), made_quarter / "manifest.json"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=\"?(https?:)?//", text), path.name
        assert str(made_run.root) not in text, path.name


def test_executed_notebooks_hold_nothing_that_varies(made_quarter):
    for path in (made_quarter / "review").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)


def test_persons_and_embargoed_figures_do_not_appear(made_quarter, made_run):
    raw = made_run.root / "data" / "raw" / QUARTER
    people = {row["person"] for row in rows(raw / "missing_people.csv")}
    assert len(people) > 10
    text = "".join(p.read_text(encoding="utf-8") for p in [*made_quarter.rglob("*.html"), *made_quarter.rglob("*.csv")])
    assert not [person for person in people if re.search(rf"\b{person}\b", text)]
    embargoed = [row for row in rows(made_quarter / "pack" / "indicators.csv") if row["reason"] == "embargoed"]
    assert len(embargoed) == 2 and all(row["latest"] == row["baseline"] == "" for row in embargoed)


def test_the_manifest_describes_what_lies_beside_it(made_run, made_quarter):
    manifest = read_manifest(made_quarter / MANIFEST_FILE)
    described = {**manifest["outputs"], **manifest["pages"]}
    files = running.digests(made_quarter)
    assert set(files) - set(described) == {"manifest.json", "run.json"}
    assert {name: entry["sha256"] for name, entry in described.items()} == {name: files[name] for name in described}
    below = running.digests(made_run.root)
    for section in ("inputs", "code", "intermediate"):
        plain = {name: entry["sha256"] for name, entry in manifest[section].items() if "keyed_sha256" not in entry}
        assert plain == {name: below[name] for name in plain}


@pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="takes a minute; set PANELPACK_LONG=1 to run it")
def test_an_ordinary_kernel_a_notebook_leaves_the_same_records_and_the_same_pack(made_run, tmp_path):
    """The stock engine tracks what a notebook reads in another process; nothing may tell the two apart."""
    made_there = shutil.ignore_patterns("processed", "outputs")
    root = shutil.copytree(made_run.root, tmp_path / "stock", ignore=made_there)
    done = run(root, "quarter", QUARTER, "--engine", "stock")
    assert (done.returncode, done.stderr) == (0, "")
    folder = Path("data", "processed", QUARTER, "steps")
    fast = {path.name: json.loads(path.read_text()) for path in (made_run.root / folder).glob("*.json")}
    stock = {path.name: json.loads(path.read_text()) for path in (root / folder).glob("*.json")}
    assert fast.keys() == stock.keys() and len(fast) > 30
    for name, record in fast.items():
        if name != "pack.json":  # it lists run.json, which says where the pack was made
            assert (stock[name]["reads"], stock[name]["writes"]) == (record["reads"], record["writes"]), name
    outputs = [running.digests(at / "outputs" / QUARTER) for at in (made_run.root, root)]
    assert outputs[0]["ro-crate-metadata.json"] == outputs[1]["ro-crate-metadata.json"]
    assert outputs[0] == outputs[1]


@pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="the examples do; PANELPACK_LONG=1 runs this too")
def test_another_office_with_other_ids_runs_by_configuration_alone(tmp_path):
    """Renames office and priorities, and plants marked figures behind the embargo: nothing of either may show."""
    root = copy_project(tmp_path / "office")
    raw = root / "data" / "raw" / QUARTER
    edited = [root / "params" / name for name in ("plan.yml", f"{QUARTER}.yml", f"{QUARTER}.md")]
    edited.append(raw / "sources.yml")
    for path in [*edited, raw / "assessments.csv", root / "expectations" / "assessments.json"]:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\bSP(?=\d\d|\[)", "OBJ", text).replace("Westmoor", "Wessex"), encoding="utf-8")
    for path in [raw / "first_time_entrants.xlsx"]:
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[0].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("Westmoor", "Wessex")
        book.save(path)
    suite = root / "expectations" / "first_time_entrants.json"
    suite.write_text(suite.read_text(encoding="utf-8").replace("Westmoor", "Wessex"), encoding="utf-8")
    treatment = raw / "drug_treatment.csv"
    head, *body = treatment.read_text(encoding="utf-8").splitlines()
    planted = [f"{line.split(',')[0]},{987650 + n},{876540 + n}" for n, line in enumerate(body)]
    treatment.write_text("\n".join([head, *planted, ""]), encoding="utf-8")
    shutil.rmtree(root / "data" / "raw" / "2014Q4")
    received = run(root, "receive", QUARTER)
    assert "drug_treatment.csv: replaced, keyed_sha256 " in received.stdout
    made = run(root, "quarter", QUARTER)
    assert made.returncode == 0, made.stderr
    page = (root / "outputs" / QUARTER / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert "Police and Crime Commissioner for Wessex" in page and "Westmoor Police" not in page
    for path in [*(root / "outputs").rglob("*"), *(root / "data" / "processed").rglob("*")]:
        if path.is_file() and path.suffix in (".html", ".csv", ".ipynb", ".json"):
            text = re.sub(r"base64,[^\"]*|[0-9a-f]{64}", "", path.read_text("utf-8"))
            assert not re.search(r"9876\d\d|8765\d\d", text), path.name
            # The review copies show the notebooks' default parameters, which name a priority.
            assert {"review", "steps"} & set(path.parts) or not re.search(r"\bSP\d\d\b", text), path.name


@pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="tests/golden holds a printed paper; PANELPACK_LONG=1")
def test_a_quarter_with_a_printed_paper_is_held_to_it(tmp_path, results, quarter):
    root = copy_project(tmp_path / "printed")
    result = results["SP01.first_time_entrants"]
    printed = f"{result.indicator},{result.baseline:.0f},{result.latest:.0f},-50,{result.verdict},,"
    path = Project(root).published(quarter)
    path.parent.mkdir(parents=True)
    path.write_text(f"indicator,baseline,latest,pct_change,verdict,reason,note\n{printed}\n", encoding="utf-8")
    made = run(root, "quarter", QUARTER)
    assert (made.returncode, made.stderr) == (0, "")
    table = rows(root / "data" / "processed" / QUARTER / "reconciliation.csv")
    assert [row["equal"] for row in table] == ["equal", "equal", "differs", "equal"]
    page = (root / "outputs" / QUARTER / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    copy = (root / "outputs" / QUARTER / "review" / "4_dashboard.html").read_text(encoding="utf-8")
    for words in (
        "Reconciliation with the printed paper",
        "3 of 4 printed figures and verdicts equal the computed ones.",
    ):
        assert words in copy and words not in page
    assert "Detail is reconstructed: printed totals are met, the rest is assumed." in page


@pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="takes a minute; set PANELPACK_LONG=1 to run it")
def test_the_quarter_before_has_its_pack_from_the_same_plan(tmp_path):
    root, quarter = copy_project(tmp_path / "earlier"), "2014Q4"
    made = run(root, "quarter", quarter)
    assert (made.returncode, made.stderr) == (0, "")
    checks = rows(root / "data" / "processed" / quarter / "checks.csv")
    assert len(checks) > 50 and {row["passed"] for row in checks} == {"True"}
    pack = root / "outputs" / quarter / "pack"
    table = {row["indicator"]: row for row in rows(pack / "indicators.csv")}
    said = {"SP01.first_time_entrants": "improved", "SP11.offences": "no_change", "SP14B.offences": "deteriorated"}
    assert {name: table[name]["verdict"] for name in said} == said
    reasons = {"SP03.treatment_completions": "embargoed", "SP03.drug_programme_reoffending": "no_comparator"}
    assert {name: table[name]["reason"] for name in reasons} == reasons
    assert float(table["SP01.first_time_entrants"]["latest"]) == 44 + 41 + 33 + 46 + 52 + 40 + 61 + 40
    page = (pack / "panel-pack.html").read_text(encoding="utf-8")
    assert "Wednesday 17 June 2015" in page and "Reconciliation" not in page
    assert not re.search(r"those of the printed paper|to the published totals", page)


RECORDED = sorted(path.parent.name for path in (ROOT / "outputs").glob(f"*/{MANIFEST_FILE}"))


@pytest.mark.skipif(not RECORDED, reason="no quarter of this office has a manifest in outputs/")
def test_the_last_quarter_of_this_office_says_what_its_manifest_says(tmp_path):
    here, quarter = Project(ROOT), Quarter.parse(RECORDED[-1])
    recorded = read_manifest(here.outputs(quarter) / MANIFEST_FILE)
    if not here.raw(quarter).is_dir() or describe_inputs(here, quarter) != recorded["inputs"]:
        pytest.skip(f"the inputs of {quarter} are not here, or have changed since its manifest was written")
    there = copy_inputs(here, quarter, tmp_path / "office")
    made = run(there.root, "quarter", str(quarter))
    assert (made.returncode, made.stderr) == (0, "")
    found = read_manifest(there.outputs(quarter) / MANIFEST_FILE)
    assert found["inputs"] == recorded["inputs"]
    for part in ("parameters", "figures", "paragraphs"):
        assert found[part] == recorded[part], f"{part}: make the pack again and look at what changed"
