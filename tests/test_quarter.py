"""The main job, whole: what `make quarter` leaves behind, in a temporary copy of the project."""

import csv
import re
import shutil
from pathlib import Path

import nbformat
import openpyxl
import pypdf
import pytest

from running import QUARTER, copy_project, run

pytestmark = pytest.mark.slow

INDICATOR_COLUMNS = [
    *("indicator", "priority", "title", "unit", "polarity", "scored", "baseline_period", "baseline", "latest_period"),
    *("latest", "change", "pct_change", "rule", "verdict", "reason", "evidence", "lower_95", "upper_95"),
    *("reconstructed", "note"),
]
COMMENTARY_COLUMNS = ["paragraph", "section", "priority", "text", "indicators", "origin"]
NOTEBOOKS = ("1_validate", "2_prepare", "3_priority", "4_dashboard", "5_report")


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_terminal_shows_each_notebook_and_ends_with_headline_and_paths(made_run):
    lines = made_run.stdout.splitlines()
    for name in NOTEBOOKS:
        assert any(re.match(rf"{name}\S* +done +\d+\.\d s", line) for line in lines), name
    assert sum(line.startswith("3_priority-") for line in lines) == 19
    assert (
        "40 indicators: 9 improved (22.5%), 10 no change (25%), 6 deteriorated (15%), 15 not assessed (37.5%)" in lines
    )
    for line in lines[-4:]:
        assert (made_run.root / line.strip()).exists()
    assert made_run.stderr == ""


def test_every_file_of_the_pack_is_there(made_quarter):
    pack = sorted(path.name for path in (made_quarter / "pack").iterdir())
    assert pack == ["commentary.csv", "indicators.csv", "indicators.xlsx", "panel-pack.html", "panel-pack.pdf"]
    kinds = {path.suffix for path in (made_quarter / "review").iterdir()}
    assert kinds == {".html", ".ipynb", ".pdf"}
    for suffix in kinds:
        executed = [p for p in (made_quarter / "review").glob(f"*{suffix}") if p.stem != "index"]
        assert len(executed) == 24, suffix
    assert (made_quarter / "review" / "index.html").exists()
    assert (made_quarter / "manifest.json").exists()


def test_indicators_csv_has_the_columns_and_the_printed_verdicts(made_quarter, project_root):
    table = rows(made_quarter / "pack" / "indicators.csv")
    assert list(table[0])[: len(INDICATOR_COLUMNS)] == INDICATOR_COLUMNS
    printed = {row["indicator"]: row for row in rows(project_root / "data" / "published" / f"{QUARTER}.csv")}
    assert {row["indicator"] for row in table} == set(printed)
    for row in table:
        assert (row["verdict"], row["reason"]) == (
            printed[row["indicator"]]["verdict"],
            printed[row["indicator"]]["reason"],
        )
        assert (row["verdict"] == "") == (row["scored"] == "False")
        assert not re.search(r"\bnan\b|None", "".join(row.values()))


def test_the_workbook_has_the_numbers_of_the_csv(made_quarter):
    sheet = openpyxl.load_workbook(made_quarter / "pack" / "indicators.xlsx")["Indicators"]
    heads, *body = sheet.iter_rows(values_only=True)
    table = rows(made_quarter / "pack" / "indicators.csv")
    assert list(heads) == list(table[0])
    assert len(body) == len(table)
    for cells, row in zip(body, table, strict=True):
        for name in ("baseline", "latest", "lower_95"):
            cell = cells[heads.index(name)]
            # A workbook keeps 15 digits.
            assert cell is None if row[name] == "" else cell == pytest.approx(float(row[name]), rel=1e-14)


def test_commentary_csv_has_every_paragraph(made_quarter):
    table = rows(made_quarter / "pack" / "commentary.csv")
    assert list(table[0])[: len(COMMENTARY_COLUMNS)] == COMMENTARY_COLUMNS
    assert [row["paragraph"] for row in table] == [str(n) for n in range(1, 81)]
    assert {row["origin"] for row in table} == {"computed", "written"}
    assert all("{{" not in row["text"] and row["text"] for row in table)
    assert all((row["origin"] == "computed") == bool(row["indicators"]) for row in table)


def test_the_pdf_is_one_tagged_document_with_header_contents_and_bookmarks(made_quarter):
    pdf = pypdf.PdfReader(made_quarter / "pack" / "panel-pack.pdf")
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].lower().startswith("en")
    assert "pdfuaid:part" in catalogue["/Metadata"].get_data().decode()
    assert pdf.metadata.title == "Quarter 1 2015/16 – Performance report"
    marks = [item.title for item in flattened(pdf.outline)]
    assert [mark for mark in marks if mark.startswith("Appendix")] == [
        "Appendix A – Police and Crime Plan – Partnership Dashboard: April to June 2015",
        "Appendix B – Reconciliation with the printed paper",
        "Appendix C – Priority pages",
        "Appendix D – Methods",
    ]
    assert sum(mark.startswith("Priority ") for mark in marks) == 19
    last = pdf.pages[-1].extract_text()
    assert "Paper marked: PUBLIC" in last
    assert f"Page {len(pdf.pages)} of {len(pdf.pages)}" in last


def flattened(outline) -> list:
    return [leaf for item in outline for leaf in (flattened(item) if isinstance(item, list) else [item])]


def test_the_pack_says_that_detail_is_reconstructed_and_marks_other_populations(made_quarter):
    page = (made_quarter / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert "Monthly and quarterly detail is reconstructed to the published totals." in page
    assert "The monthly and quarterly detail behind these figures was never published." in page
    assert page.count("Different populations: the latest figure is of victims of all vehicle crime") >= 2


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


def test_persons_and_small_surveys_do_not_appear(made_quarter, made_run):
    people = {row["person"] for row in rows(made_run.root / "data" / "raw" / QUARTER / "missing_people.csv")}
    text = "".join(p.read_text(encoding="utf-8") for p in [*made_quarter.rglob("*.html"), *made_quarter.rglob("*.csv")])
    assert not [person for person in people if re.search(rf"\b{person}\b", text)]
    figures = {row["indicator"]: row for row in rows(made_quarter / "pack" / "indicators.csv")}
    small = [row for row in figures.values() if row["reason"] == "small_sample"]
    assert small and all(row["latest"] == row["latest_base"] == "" for row in small)


def test_another_office_with_other_ids_runs_by_configuration_alone(tmp_path):
    """Renames office and priorities, and plants marked figures behind the embargo: nothing of either may show."""
    root = copy_project(tmp_path / "office")
    shutil.rmtree(root / "data" / "published")
    raw = root / "data" / "raw" / QUARTER
    edited = [root / "params" / name for name in ("plan.yml", f"{QUARTER}.yml", f"{QUARTER}.md")]
    for path in [*edited, raw / "assessments.csv", root / "expectations" / "assessments.json"]:
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\bSP(?=\d\d|\[)", "OBJ", text).replace("for Leicestershire", "for Wessex")
        path.write_text(text.replace("Leicestershire Police", "Wessex Police"), encoding="utf-8")
    treatment = raw / "drug_treatment.csv"
    head, *body = treatment.read_text(encoding="utf-8").splitlines()
    planted = [f"{line.split(',')[0]},{987650 + n},{876540 + n}" for n, line in enumerate(body)]
    treatment.write_text("\n".join([head, *planted, ""]), encoding="utf-8")
    received = run(root, "receive", QUARTER)
    assert "drug_treatment.csv: sha256" in received.stdout
    made = run(root, "quarter", QUARTER)
    assert made.returncode == 0, made.stderr
    page = (root / "outputs" / QUARTER / "pack" / "panel-pack.html").read_text(encoding="utf-8")
    assert "Police and Crime Commissioner for Wessex" in page
    assert "Appendix B" not in re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    for path in [*(root / "outputs").rglob("*"), *(root / "data" / "processed").rglob("*")]:
        if path.is_file() and path.suffix in (".html", ".csv", ".ipynb", ".json"):
            text = re.sub(r"base64,[^\"]*|[0-9a-f]{64}", "", path.read_text("utf-8"))
            assert not re.search(r"9876\d\d|8765\d\d", text), path.name
            # The review copies show the notebooks' default parameters, which name a priority.
            assert {"review", "steps"} & set(path.parts) or not re.search(r"\bSP\d\d\b", text), path.name


def test_a_quarter_without_a_printed_paper_has_its_pack_and_does_not_appeal_to_one(tmp_path):
    root, quarter = copy_project(tmp_path / "earlier"), "2014Q4"
    made = run(root, "quarter", quarter)
    assert (made.returncode, made.stderr) == (0, "")
    assert not (root / "data" / "published" / f"{quarter}.csv").exists()
    checks = rows(root / "data" / "processed" / quarter / "checks.csv")
    assert len(checks) > 100 and {row["passed"] for row in checks} == {"True"}
    pack = root / "outputs" / quarter / "pack"
    table = {row["indicator"]: row for row in rows(pack / "indicators.csv")}
    said = {"SP01.first_time_entrants": "improved", "SP11.offences": "no_change", "SP14B.offences": "no_change"}
    assert {name: table[name]["verdict"] for name in said} == said
    reasons = {
        "SP03.treatment_completions": "embargoed",
        "SP03.drug_programme_reoffending": "no_comparator",
        "SP05.satisfaction": "not_comparable",
        "SP06.satisfaction": "small_sample",
    }
    assert {name: table[name]["reason"] for name in reasons} == reasons
    assert float(table["SP01.first_time_entrants"]["latest"]) == 44 + 41 + 33 + 46 + 52 + 40 + 61 + 40
    updates = {name for row in rows(pack / "commentary.csv") for name in row["priority"].split(";") if name}
    assert len(updates) == 19
    page = (pack / "panel-pack.html").read_text(encoding="utf-8")
    assert "Wednesday 17 June 2015" in page and "is illustrative" in page
    assert "The data of this quarter are reconstructed; no printed paper holds their totals." in page
    assert "Reconciliation" not in page
    assert not re.search(r"those of the printed paper|to the published totals", page)
