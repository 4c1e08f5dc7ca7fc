"""The files of a request: one page a supplier, a template a file, the same bytes each time."""

import csv
import io
import shutil

import openpyxl
import pypdf
import pytest
import yaml

from panelpack.errors import ConfigurationError, UsageError
from panelpack.intake.starting import new_quarter
from panelpack.periods import Quarter
from panelpack.publishing.request import request
from running import digests


def edit(path, change):
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(declared)
    path.write_text(yaml.safe_dump(declared, sort_keys=False), encoding="utf-8")


def folder(project, label):
    return project.root / "outputs" / "requests" / label


def test_a_quarter_that_is_not_started_is_asked_for_by_what_was_declared_before(project_copy):
    lines = request(project_copy, "2015Q3")
    out = folder(project_copy, "2015Q3")
    suppliers = {source["supplier"] for source in yaml.safe_load(
        (project_copy.root / "data/raw/2015Q1/sources.yml").read_text(encoding="utf-8"))["files"].values()}  # fmt: skip
    assert len(list(out.glob("*.html"))) == len(list(out.glob("*.pdf"))) == len(suppliers) == len(lines) - 1
    assert lines[-1].startswith("By when is not set: set data_due in params/2015Q3.yml")
    page = (out / "westmoor-police-performance-and-analysis-team.html").read_text(encoding="utf-8")
    assert "October to December 2015" in page and "from April 2012 to December 2015" in page
    assert "received 17 July 2015" in page and "date not set" in page
    pdf = pypdf.PdfReader(out / "westmoor-police-performance-and-analysis-team.pdf")
    assert "Data request for Quarter 3 2015/16" in pdf.pages[0].extract_text()


def test_the_day_is_the_one_that_the_quarter_declares(project_copy):
    path = project_copy.params(Quarter(2015, 1))
    edit(path, lambda declared: declared.update(data_due="2015-07-24"))
    lines = request(project_copy, "2015Q1")
    assert not any("By when" in line for line in lines)
    page = (folder(project_copy, "2015Q1") / "westmoor-police-missing-from-home-team.html").read_text(encoding="utf-8")
    assert "Friday 24 July 2015" in page
    assert "received 24 April 2015" in page, "the last file is the one of the quarter before"


def test_a_quarter_that_is_just_begun_can_be_asked_for(project_copy):
    new_quarter(project_copy, "2015Q2")
    lines = request(project_copy, "2015Q2")
    assert lines[-1].startswith("By when is not set"), "the day of the meeting, and of receipt, are not set either"
    page = (folder(project_copy, "2015Q2") / "westmoor-police-missing-from-home-team.html").read_text(encoding="utf-8")
    assert "received 24 July 2015" in page
    edit(project_copy.params(Quarter(2015, 2)), lambda declared: declared.update(data_due="2015-10-23"))
    assert not any("By when" in line for line in request(project_copy, "2015Q2"))


def test_a_first_quarter_can_be_asked_for_before_anything_came(project_copy):
    shutil.rmtree(project_copy.raw(Quarter(2014, 4)))
    edit(
        project_copy.raw(Quarter(2015, 1)) / "sources.yml",
        lambda declared: [
            source.pop(key, None)
            for source in declared["files"].values()
            for key in ("sha256", "keyed_sha256", "received")
        ],
    )
    assert len(request(project_copy, "2015Q1")) > 3


def test_a_request_that_cannot_be_made_leaves_the_one_before(project_copy):
    request(project_copy, "2015Q2")
    before = digests(folder(project_copy, "2015Q2"))
    (project_copy.expectations / "savings.json").write_text("[", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        request(project_copy, "2015Q2")
    assert digests(folder(project_copy, "2015Q2")) == before


def test_categories_that_one_series_of_several_picks_are_not_all_that_there_may_be(project_copy):
    def change(plan):
        plan["series"]["every_offence"] = {"title": "All", "table": "recorded_crime", "value": "offences"}

    (project_copy.expectations / "recorded_crime.json").unlink()
    out = folder(project_copy, "2015Q2") / "westmoor-police-performance-and-analysis-team.html"
    request(project_copy, "2015Q2")
    assert "one of <code>" in out.read_text(encoding="utf-8")
    edit(project_copy.root / "params/plan.yml", change)
    request(project_copy, "2015Q2")
    assert "one of <code>" not in out.read_text(encoding="utf-8")


def test_a_day_before_the_quarter_s_end_was_copied(project_copy):
    edit(project_copy.params(Quarter(2015, 1)), lambda declared: declared.update(data_due="2015-04-24"))
    with pytest.raises(
        ConfigurationError, match=r"params/2015Q1\.yml: data_due is 24 April 2015, expected a day after"
    ):
        request(project_copy, "2015Q1")


@pytest.mark.parametrize("label", ["", "2015", "2001Q1"])
def test_what_is_no_quarter_or_has_nothing_before_is_refused(project_copy, label):
    with pytest.raises(UsageError):
        request(project_copy, label)
    assert not folder(project_copy, label).exists() or not label


def test_the_same_plan_gives_the_same_bytes_and_nothing_stays_of_the_request_before(project_copy):
    request(project_copy, "2015Q2")
    out = folder(project_copy, "2015Q2")
    first = digests(out)
    (out / "old.html").write_text("old", encoding="utf-8")
    request(project_copy, "2015Q2")
    assert digests(out) == first and len(first) > 20


def test_templates_have_the_supplier_s_heads_where_the_layout_has_them(project_copy):
    def change(plan):
        crime = plan["tables"]["recorded_crime"]
        crime["layout"] = {
            "separator": ";",
            "wide": {"period": "month", "value": "offences"},
            "forms": {"month": "Apr-22"},
        }

    edit(project_copy.root / "params/plan.yml", change)
    request(project_copy, "2015Q2")
    out = folder(project_copy, "2015Q2")
    path = out / "westmoor-police-performance-and-analysis-team" / "recorded_crime.template.csv"
    heads, cells = csv.reader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";")
    assert heads[:3] == ["offence", "Apr-12", "May-12"] and heads[-1] == "Sep-15" and len(heads) == 43
    assert cells[:2] == ["all_crime", "1234"] and path.read_bytes().endswith(b"\n")
    (workbook,) = out.rglob("first_time_entrants.template.xlsx")
    sheet = openpyxl.load_workbook(workbook)["First time entrants"]
    assert [cell.value for cell in sheet[8]] == ["Quarter", "Area", "First time entrants"]
    assert [cell.value for cell in sheet[9]] == ["2015Q2", "Moorland and Fens", "1234"]


def test_categories_are_those_of_the_suite_and_its_other_rules_are_told(project_copy):
    request(project_copy, "2015Q2")
    (page,) = folder(project_copy, "2015Q2").glob("*finance.html")
    text = page.read_text(encoding="utf-8")
    assert "<code>to_find</code>" in text and "Savings realised, identified and still to find add up" in text


def test_a_suite_that_is_none_is_refused(project_copy):
    (project_copy.expectations / "savings.json").write_text("[", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"expectations/savings\.json: this is no suite"):
        request(project_copy, "2015Q2")


def test_a_table_without_a_supplier_and_two_of_like_names_have_their_own_pages(project_copy):
    def change(sources):
        files = sources["files"]
        del files["savings.csv"]
        files["recorded_crime.csv"]["supplier"] = "A & B"
        files["night_time_economy.csv"]["supplier"] = "a/b!"

    edit(project_copy.raw(Quarter(2015, 1)) / "sources.yml", change)
    request(project_copy, "2015Q2")
    names = {path.stem for path in folder(project_copy, "2015Q2").glob("*.html")}
    assert {"a-b", "a-b-2", "supplier-not-named-yet"} <= names


def test_no_value_of_any_file_stands_in_a_request(project_copy):
    request(project_copy, "2015Q1")
    text = "".join(path.read_text(encoding="utf-8") for path in folder(project_copy, "2015Q1").glob("*.html"))
    row = (project_copy.raw(Quarter(2015, 1)) / "missing_people.csv").read_text(encoding="utf-8").splitlines()[5]
    assert row.split(",")[0] not in text and row.split(",")[2] not in text


def test_a_supplier_sees_no_table_and_no_figure_of_another(project_copy):
    request(project_copy, "2015Q1")
    raw = project_copy.raw(Quarter(2015, 1))
    sources = yaml.safe_load((raw / "sources.yml").read_text(encoding="utf-8"))["files"]
    pages = {path: path.read_text(encoding="utf-8") for path in folder(project_copy, "2015Q1").glob("*.html")}
    assert len(pages) > 3
    for file, source in sources.items():
        others = [page for page in pages.values() if source["supplier"] not in page]
        assert len(others) == len(pages) - 1
        assert not [page for page in others if file in page]
    for page in pages.values():
        assert not [number for number in ("5,061", "5061", "27.8", "21.7") if number in page]
