"""The page of an atlas: right values, the order of regions, links that exist, red packs explained, one size."""

import re
from html.parser import HTMLParser

import pytest

import made_atlas
from made_atlas import BASELINE, FORCES, LARGE, LAST, MEASURES, QUARTERS, RELEASE, SMALL
from panelpack.atlas.index import read_index
from panelpack.atlas.page import PAGE, write_page

MOST_BYTES = 1_000_000
SUBGROUPS, YEARS = 26, range(2012, 2024)
SHOWN = {SMALL: "City of Haven"}  # a name as readers call it


class Page(HTMLParser):
    """The elements of a page as they stand in it, and its words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self._of = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def links(self):
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]

    def ids(self):
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return made_atlas.software(tmp_path_factory.mktemp("software"))


@pytest.fixture(scope="module")
def table(project):
    return made_atlas.table(project)


def written(folder, table, project, **changed):
    options = {"release": RELEASE, "baseline": BASELINE, "measures": MEASURES, **changed}
    return write_page(folder, table, read_index(folder), project, **options)


@pytest.fixture(scope="module")
def path(tmp_path_factory, table, project):
    return written(made_atlas.atlas(tmp_path_factory.mktemp("atlas")), table, project)


@pytest.fixture(scope="module")
def text(path):
    return path.read_text(encoding="utf-8")


def section(text, anchor):
    """The part of a page from a heading to the next."""
    return re.split(f'<h2 id="(?:measure-)?{anchor}">', text)[1].split("<h2 ")[0]


def row_of(text, anchor, force):
    """The cells of a force in the table of a section."""
    name = SHOWN.get(force, force).replace("&", "&amp;")
    row = re.search(rf"<tr role=row><th scope=row role=rowheader>{re.escape(name)}<td.*", section(text, anchor))[0]
    return re.sub(r"<td role=cell>", "|", row).split("|")[1:]


# ------------------------------------------------------------------------------------------------------ figures
def year(force, *quarters):
    return sum(made_atlas.burglaries(force, quarter) for quarter in quarters)


def test_the_table_has_the_sums_of_the_official_one(text):
    latest = [LAST.shift(-by) for by in range(4)]
    before = [type(LAST)(BASELINE, number) for number in range(1, 5)]
    cells = row_of(text, "burglary", "Greyfell")
    counts = year("Greyfell", *before), year("Greyfell", *latest)
    assert cells[:2] == [f"{count:,}" for count in counts]
    assert cells[2] == "0%" if round(100 * (counts[1] / counts[0] - 1)) == 0 else cells[2]
    rate = 1000 * counts[1] / made_atlas.residents("Greyfell")
    assert cells[3] == f"{rate:.1f}"


def test_a_force_with_too_few_residents_has_counts_but_no_rate(text):
    cells = row_of(text, "burglary", SMALL)
    assert cells[0] != "[x]" and cells[3:5] == ["[z]", "[z]"]
    assert "no rate: too few live there" in section(text, "burglary")


def test_a_force_far_from_the_others_is_named_as_outside_and_no_other(text):
    assert row_of(text, "burglary", LARGE)[4] == "outside, above"
    others = {row_of(text, "burglary", force)[4] for force in FORCES if force not in (LARGE, SMALL)}
    assert others == {"within"}
    assert f"<strong>Outside it, above</strong>: {LARGE}." in section(text, "burglary")
    assert "1 force outside what differs between forces anyway" in section(text, "burglary")


def test_verdicts_come_from_the_packs(text):
    assert row_of(text, "burglary", LARGE)[5] == "Worse: clear"
    assert row_of(text, "burglary", "Dunmoor")[5] == "not made"
    assert row_of(text, "burglary", "Farrow")[5] == "no pack"
    assert "worse 1" in section(text, "burglary") and "not made 1" in section(text, "burglary")


def test_a_break_is_drawn_and_said_and_the_change_is_since_it(text):
    injury = section(text, "injury")
    assert 'class="break"' in injury and "Quarter 1 2013/14" in injury and "Harassment" in injury
    assert "<th scope=col role=columnheader>2013/14" not in injury  # that year ends within the latest 12 months
    assert row_of(text, "injury", "Ashford")[0] == "[x]" and row_of(text, "injury", "Ashford")[2] == "[z]"
    assert 'class="break"' not in section(text, "burglary")


def test_a_subgroup_that_begins_has_no_figures_before(text):
    assert "from March 2014 to September 2014" in section(text, "harassment")
    assert "No change is given" in section(text, "harassment")


def test_the_caution_for_violence_is_said(text):
    assert "How fully violence is recorded" in section(text, "injury")
    assert "How fully violence is recorded" not in section(text, "burglary")


# ------------------------------------------------------------------------------------------------------ order
def test_forces_stand_in_the_order_of_regions_everywhere(text):
    wanted = [SHOWN.get(force, force).replace("&", "&amp;") for force in sorted(FORCES, key=lambda f: (FORCES[f], f))]
    for part in ("burglary", "injury"):
        assert re.findall(r"^<li>([^<]+)<[si]", section(text, part), re.MULTILINE) == wanted
        assert re.findall(r"rowheader>([^<]+)<td", section(text, part)) == wanted
    assert re.findall(r'role="rowheader">([^<]+)</th><td role="cell"><', section(text, "packs")) == wanted
    assert re.findall(r'id="f\d+"> ([^<]+)</label>', text) == wanted
    assert re.findall(r"^<li><span>(\w+)</span>", section(text, "burglary"), re.MULTILINE) == ["East", "North", "Wales"]


def test_no_force_has_a_rank(text):
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert not re.search(r"\b(rank(ed|s)? \d|\d+(st|nd|rd|th) of|best|worst|highest force)\b", words)


# ------------------------------------------------------------------------------------------------------ packs
def test_every_link_leads_somewhere(text, path):
    page = Page(text)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    packs = 0
    for link in page.links():
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            assert (path.parent / link).is_file(), link
            packs += link.endswith("panel-pack.html")
    assert packs == len(FORCES) * len(QUARTERS) - 2


def test_a_red_pack_is_explained_in_words(text):
    packs = section(text, "packs")
    assert 'href="#why-dunmoor-2014q2" aria-label="Dunmoor Q2 2014/15: not made, why"' in packs
    reason = packs.split('id="why-dunmoor-2014q2"')[1]
    assert "found &lt;b&gt;no&lt;/b&gt; row of 2014Q2, expected some.<br>Ask for a later release." in reason
    assert "Quarter 2 2014/15" in reason
    assert "22 of 23 packs were made" in text and "not asked for" in packs


def test_the_same_reason_stands_once_for_a_force(tmp_path, table, project):
    rows = [
        *made_atlas.index_rows(forces=["Ashford"]),
        *(made_atlas.row_of_failure("Kestrel", quarter, "It is not there.", region="Wales") for quarter in QUARTERS),
    ]
    text = written(made_atlas.atlas(tmp_path, rows), table, project).read_text(encoding="utf-8")
    packs = section(text, "packs")
    assert packs.count("It is not there.") == 1 and "Quarter 1 2014/15 and Quarter 2 2014/15" in packs
    assert {'id="why-kestrel-2014q1"', 'id="why-kestrel-2014q2"'} <= set(re.findall(r'id="why[^"]*"', packs))


def test_a_pack_that_does_not_lie_there_has_no_link(tmp_path, table, project):
    folder = made_atlas.atlas(tmp_path)
    pack = "ashford/2014Q1/outputs/2014Q1/pack/panel-pack.html"
    (folder / pack).unlink()
    text = written(folder, table, project).read_text(encoding="utf-8")
    assert pack not in text and "does not lie beside this page" in text


def test_an_atlas_of_some_forces_compares_them_with_all(tmp_path, table, project):
    rows = made_atlas.index_rows(forces=["Ashford", "Kestrel"])
    text = written(made_atlas.atlas(tmp_path, rows), table, project).read_text(encoding="utf-8")
    assert section(text, "packs").count('role="rowheader"') == 2
    assert section(text, "burglary").count("<tr role=row><th scope=row") == len(FORCES)


# ------------------------------------------------------------------------------------------------------ few forces
def test_fewer_than_ten_forces_are_listed_only(tmp_path, project, table):
    few = made_atlas.table(project, made_atlas.rows(forces=list(FORCES)[:9]))
    rows = made_atlas.index_rows(forces=list(FORCES)[:9])
    text = written(made_atlas.atlas(tmp_path, rows), few, project).read_text(encoding="utf-8")
    burglary = section(text, "burglary")
    assert 'class="funnel"' not in burglary and "fewer than 10 forces" in burglary
    assert row_of(text, "burglary", "Ashford")[4] == "[z]"


def test_forces_without_residents_and_a_table_without_packs(tmp_path, project):
    strangers = made_atlas.table(project, [(*row[:2], "Nowhere", *row[3:]) for row in made_atlas.rows(["Ashford"])])
    text = written(made_atlas.atlas(tmp_path, []), strangers, project).read_text(encoding="utf-8")
    assert "No pack was asked for yet" in text and "Nowhere: no rate, for the table of residents" in text
    assert "no rate: residents not known" in section(text, "burglary")


def test_a_quarter_that_the_table_does_not_have_is_red_and_the_figures_end_before_it(tmp_path, table, project):
    rows = [*made_atlas.index_rows(), made_atlas.row_of_failure("Ashford", "2014Q4", "The table has no 2014Q4.")]
    text = written(made_atlas.atlas(tmp_path, rows), table, project).read_text(encoding="utf-8")
    assert "The table has no 2014Q4." in section(text, "packs") and "2014Q3" not in section(text, "packs")
    assert "12 months to September 2014" in section(text, "burglary")
    assert row_of(text, "burglary", LARGE)[5] == "Worse: clear"


# ------------------------------------------------------------------------------------------------------ the file
def test_the_page_is_alone_and_needs_no_script(text):
    assert "default-src 'none'" in text and "<script" not in text and " style=" not in text
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text) and "@import" not in text
    assert '<html lang="en-GB">' in text and "Skip to the content" in text


def test_the_same_index_gives_the_same_bytes_and_nothing_else_is_left(path, table, project):
    before = path.read_bytes()
    assert written(path.parent, table, project).read_bytes() == before
    assert {file.name for file in path.parent.iterdir() if file.is_file()} == {PAGE, "index.parquet"}


@pytest.mark.slow
def test_43_forces_26_measures_and_45_quarters_stay_below_a_megabyte(tmp_path, project):
    names = [f"Long and Winding {place:02d}" for place in range(43)]
    subgroups = [f"Offences of kind {place:02d}" for place in range(SUBGROUPS)]
    quarters = [(year, number) for year in YEARS for number in range(1, 5)][:45]
    lines = [
        (
            f"{year}/{(year + 1) % 100:02d}",
            str(number),
            name,
            f"An offence of {kind}",
            "Group",
            kind,
            str(place),
            str(count),
        )
        for year, number in quarters
        for force, name in enumerate(names)
        for place, kind in enumerate(subgroups)
        # As restless as any real series, so that no line has an easy path.
        for count in [300 * (place + 1) + (force * 7919 + year * 104729 + number * 1299709 + place * 15485863) % 4000]
    ]
    folder = tmp_path / "software"
    large = made_atlas.software(folder)
    residents = folder / "data/comparators/residents_by_force.csv"
    heads = residents.read_text(encoding="utf-8").splitlines()[0]
    rows = [f"{name},X,Region of {place % 10},{','.join(['1234567'] * 5)}" for place, name in enumerate(names)]
    residents.write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    measures = [
        made_atlas.Measure(2, f"kind_{place}", "All", kind, where={made_atlas.SUB: (kind,)})
        for place, kind in enumerate(subgroups)
    ]
    index = [
        {"force": name, "region": "R", "quarter": f"{year}Q{number}", "indicator": f"P1.{measure.id}", "exit": 0}
        | {"verdict": "no_change", "how_sure": "cannot_tell", "folder": f"{made_atlas.slug(name)}/{year}Q{number}"}
        for name in names
        for year, number in quarters
        for measure in (measures if (year, number) == quarters[-1] else measures[:1])
    ]
    release = made_atlas.atlas(tmp_path, index)
    made = written(release, made_atlas.table(large, lines), large, measures=measures)
    assert MOST_BYTES / 2 < made.stat().st_size < MOST_BYTES
