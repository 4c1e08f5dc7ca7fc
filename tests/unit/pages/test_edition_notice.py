"""What a new edition says of the one that it replaces: figures, verdicts and paragraphs that changed, as printed."""

import dataclasses
import json
from datetime import date

import pytest

from page_blocks import of_kind, tables
from panelpack.config.parameters import NewEdition
from panelpack.errors import SourceError
from panelpack.indicators import results as results_module
from panelpack.indicators.earlier_edition import EarlierEdition, earlier_edition, find_changes
from panelpack.pages import edition_notice
from panelpack.project import sha256
from panelpack.rendering.prose import Text

SEAL = "a" * 64
PARAGRAPHS = [(str(place), f"Words {place}.", []) for place in range(1, 8)]


def recorded(every, tmp_path):
    """What a manifest says of results: a text a field, without what it is called."""
    path = tmp_path / "figures.csv"
    results_module.write_results(every, path)
    frame = results_module.read_table(path, results_module.RESULT_COLUMNS, "", what="results", text=True)
    return {
        row["indicator"]: {n: v for n, v in row.items() if v and n not in ("indicator", "priority", "title")}
        for row in frame.to_dict("records")
    }


@pytest.fixture
def changed(results, tmp_path, office):
    """Return a function that compares results and paragraphs with an earlier edition's, and gives its notice."""
    every = list(results.values())

    def compare(before=None, now=None, paragraphs=PARAGRAPHS):
        earlier = EarlierEdition(
            1,
            date(2015, 9, 16),
            SEAL,
            "c" * 40,
            recorded(every if before is None else before, tmp_path),
            {number: {"sha256": sha256(words.encode()), "figures": []} for number, words, _ in PARAGRAPHS},
        )
        changes = find_changes(earlier, every if now is None else now, paragraphs)
        entry = NewEdition(edition=2, day=date(2015, 11, 20), reason="The force restated June.", replaces=SEAL)
        parameters = office.parameters.model_copy(update={"editions": [entry]})
        return changes, list(edition_notice.notice_of(changes, parameters))

    return compare


@pytest.fixture
def counted(results):
    """A figure that no other can be mistaken for."""
    return next(one for one in results.values() if one.kind == "count" and (one.latest or 0) > 1000)


def with_one(every, name, **values):
    return [dataclasses.replace(result, **values) if result.indicator == name else result for result in every]


def texts(blocks):
    return "\n".join(block.markdown for block in of_kind(blocks, Text))


def rows_of(blocks, caption):
    return next((table.rows for table in tables(blocks) if table.caption.startswith(caption)), [])


def test_nothing_changed_is_said_as_what_it_is(changed):
    changes, blocks = changed()
    assert changes.is_nothing and edition_notice.NOTHING in texts(blocks) and tables(blocks) == []
    assert "replaces the first, of 16 September 2015 (seal `aaaaaaaaaaaa`, can be verified at commit" in texts(blocks)
    assert "**Why.** The force restated June." in texts(blocks)
    assert edition_notice.change_lines(changes) == ["No figure, no verdict and no numbered paragraph changed."]


def test_a_figure_that_moved_stands_there_as_it_is_printed_in_both(changed, results, counted):
    was = counted
    now = with_one(results.values(), was.indicator, latest=was.latest + 46)
    changes, blocks = changed(now=now)
    rows = {row["What"]: row for row in rows_of(blocks, "Figures that moved")}
    row = rows["Latest"]
    assert row["Figure"] == f"{was.indicator} {was.title}"
    assert row["Before"].startswith(was.form.words(was.latest)) and row["Now"].startswith(
        was.form.words(was.latest + 46)
    )
    assert rows_of(blocks, "Verdicts") == []
    assert f"{row['Figure']}, latest: {row['Before']} before, now {row['Now']}" in edition_notice.change_lines(changes)


def test_what_is_less_than_is_printed_is_named_and_no_row(changed, results):
    was = results["SP11.offences"]
    _, blocks = changed(now=with_one(results.values(), was.indicator, mean=(was.mean or 0) + 0.001))
    assert tables(blocks) == [] and f"differs (digits, notes, charts): {was.indicator} {was.title}" in texts(blocks)


def test_a_verdict_that_changed_is_told_and_the_headline_with_it(changed, results):
    was = next(one for one in results.values() if one.verdict == "no_change" and one.is_counted)
    now = with_one(results.values(), was.indicator, verdict="deteriorated", mark="", word="")
    _, blocks = changed(now=now)
    (row,) = rows_of(blocks, "Verdicts that changed")
    assert row["Before"].startswith(was.verdict_words) and row["Now"].startswith("Worse")
    assert "**Headline.** Before: " in texts(blocks)


def test_what_was_under_embargo_is_told_as_shown_now(changed, results):
    was = next(one for one in results.values() if one.reason == "embargoed")
    now = with_one(results.values(), was.indicator, latest=41.0, reason="", verdict="improved", how_sure="clear")
    changes, blocks = changed(now=now)
    (row,) = rows_of(blocks, "Shown now")
    assert row["Why not before"] == "embargoed" and row["Now"].startswith(was.form.words(41.0))
    assert rows_of(blocks, "Figures that moved") == [] and "shown now" in edition_notice.change_lines(changes)[0]


def test_what_is_withheld_now_is_not_repeated(changed, results, counted):
    was = counted
    hidden = dataclasses.replace(
        was, latest=None, baseline=None, change=None, pct_change=None, reason="suppressed", year_change=None,
        year_latest=None, year_before=None, verdict="not_assessed", how_sure="",
    )  # fmt: skip
    changes, blocks = changed(now=[hidden if one.indicator == was.indicator else one for one in results.values()])
    figure = was.form.words(was.latest)
    assert rows_of(blocks, "Figures that moved")
    said = "\n".join([*edition_notice.change_lines(changes), *(block.html() for block in blocks)])
    assert figure not in said and "not shown any more" in said


def test_a_figure_that_is_new_or_gone_is_told(changed, results):
    every = list(results.values())
    _, blocks = changed(before=every[1:], now=every[:-1])
    moved = rows_of(blocks, "Figures that moved") + rows_of(blocks, "Verdicts that changed")
    assert any(row["Figure"].startswith(every[0].indicator) and row["Before"] == "" for row in moved)
    assert any(row["Figure"].startswith(every[-1].indicator) and row["Now"] == "" for row in moved)


@pytest.mark.parametrize(
    ("words", "told", "moved"),
    [
        ([1, 2, 33, 4, 5, 6, 7], [("[3](#para-3)", "changed")], 0),
        ([1, 2, 99, 3, 4, 5, 6, 7], [("[3](#para-3)", "new")], 5),
        ([1, 3, 4, 5, 6, 7], [("2", "gone")], 5),
        ([0, 1, 2, 3, 4, 55, 6, 7], [("[1](#para-1)", "new"), ("[6](#para-6)", "changed (before: paragraph 5)")], 6),
    ],
)
def test_paragraphs_are_told_by_their_numbers(words, told, moved, changed):
    paragraphs = [(str(place), f"Words {word}.", []) for place, word in enumerate(words, start=1)]
    changes, blocks = changed(paragraphs=paragraphs)
    rows = rows_of(blocks, "Numbered paragraphs")
    assert [(row["Paragraph"], row["What became of it"]) for row in rows] == told
    assert {row["Because of"] for row in rows} == {"Its words, or a count in it"} and changes.moved == moved


def test_a_paragraph_changed_because_of_a_figure_that_it_cites(changed, results, counted):
    name = counted.indicator
    paragraphs = [(n, words + " 5" * (n == "4"), [name] if n == "4" else []) for n, words, _ in PARAGRAPHS]
    now = with_one(results.values(), name, latest=results[name].latest + 5)
    _, blocks = changed(now=now, paragraphs=paragraphs)
    (row,) = rows_of(blocks, "Numbered paragraphs")
    assert row["Because of"] == name


def test_the_manifest_of_the_edition_before_must_be_the_one_that_was_replaced(project_copy, office):
    entry = NewEdition(edition=2, day=date(2015, 11, 20), reason="r", replaces=SEAL)
    office = dataclasses.replace(
        office, project=project_copy, parameters=office.parameters.model_copy(update={"editions": [entry]})
    )
    with pytest.raises(SourceError, match=r"^data/editions/2015Q1/1\.json: the manifest of edition 1 is not there"):
        earlier_edition(office)
    path = project_copy.editions(office.quarter) / "1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"seal": "b" * 64, "figures": {}, "paragraphs": {}}), encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"its seal is bbbbbbbbbbbb, params/2015Q1\.yml says that edition 2 replaces aaa"
    ):
        earlier_edition(office)
    path.write_text(json.dumps({"seal": SEAL, "figures": {}, "paragraphs": {}}), encoding="utf-8")
    assert earlier_edition(office).day == date(2015, 9, 16)


def test_a_first_edition_has_no_notice(quarter_report):
    assert list(edition_notice.notice(quarter_report)) == []
