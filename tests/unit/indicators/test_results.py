"""Results: written and read back to the last digit, counted for the headline, and put into words."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpack.errors import SourceError
from panelpack.indicators.results import (
    FLAGS,
    RESULT_NUMBERS,
    IndicatorResult,
    Note,
    count_verdicts,
    dashboard_rows,
    headline_sentence,
    read_headline,
    read_results,
    settle,
    share_words,
    write_results,
)
from panelpack.rules.verdict import HOW_SURE_WORDS, REASON_WORDS, VERDICTS

# Any text that a file of UTF-8 can hold: quotes, commas, line breaks, "NA", "1.0", blanks at its ends. Line ends are
# those of the csv, so a carriage return is none of a text's.
TEXTS = st.one_of(
    st.sampled_from(
        ["", "NA", "nan", "None", "True", "1.0", 'a "quoted", comma', "two\nlines", " spaced ", "−51% £4m"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00")),
)
NUMBER = st.none() | st.floats(allow_nan=False, allow_infinity=False)
KINDS = {name: NUMBER for name in RESULT_NUMBERS} | {name: st.booleans() for name in FLAGS}
KINDS |= {"unit": st.none() | st.sampled_from(["count", "percent", "gbp_million"])}
KINDS |= {"decimals": st.integers(0, 3), "labels": st.lists(TEXTS, max_size=3).map(tuple)}
KINDS |= {"notes": st.lists(st.builds(Note, TEXTS, TEXTS), max_size=3).map(tuple)}
RESULTS = st.builds(
    IndicatorResult, **{field.name: KINDS.get(field.name, TEXTS) for field in dataclasses.fields(IndicatorResult)}
)


@given(results=st.lists(RESULTS, max_size=3))
def test_what_is_written_is_read_back_to_the_last_digit_and_letter(results, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "round_trip" / "SP01.csv"
    write_results(results, path)
    assert read_results(path) == results


def test_every_result_of_the_quarter_survives_and_is_written_alike_again(results, tmp_path):
    path, again = tmp_path / "figures" / "all.csv", tmp_path / "again.csv"
    write_results(results.values(), path)
    assert read_results(path) == list(results.values())
    write_results(read_results(path), again)
    assert again.read_bytes() == path.read_bytes()


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "SP01.csv"
    with pytest.raises(SourceError) as caught:
        read_results(path)
    assert str(caught.value) == (
        f"{path}: the file is missing, expected the results of a priority. Run the notebook that writes it first."
    )


def test_numbers_are_settled_and_what_is_none_becomes_none(result):
    rough = dataclasses.replace(result, latest=0.1 + 0.2, baseline=float("nan"), change=2.5, low=0)
    settled = settle(rough)
    assert (settled.latest, settled.baseline, settled.change, settled.low) == (0.3, None, 2.5, 0.0)
    assert settle(settled) == settled


def test_the_published_table_has_the_notes_in_one_text_and_says_not_which_are_measures(result):
    noted = dataclasses.replace(result, notes=(Note("footnote", "A footnote."), Note("provisional", "Provisional: x")))
    table = dashboard_rows([noted, result])
    assert table["note"].tolist() == ["A footnote. Provisional: x", ""]
    assert not {"notes", "measure"} & set(table.columns)
    assert noted.notes_of("provisional") == ["Provisional: x"] and result.notes_of("provisional") == []


@pytest.mark.parametrize(
    ("kind", "decimals", "baseline", "latest", "change"),
    [
        ("share", 1, 81.449, 81.451, 0.1),
        ("share", 1, 81.451, 81.549, 0.0),
        ("duration", 1, 10.04, 10.06, 0.1),
        ("rate", 2, 7.204, 7.206, 0.01),
        ("index", 0, 99.4, 99.6, 1.0),
        ("count", 0, 81.4, 81.6, 1.0),  # of a mean of several years
        ("stock", 0, 81.4, 81.6, 1.0),
    ],
)
def test_the_change_that_a_reader_can_check_is_that_of_the_figures_as_printed(
    kind, decimals, baseline, latest, change, result
):
    figures = {"baseline": baseline, "latest": latest, "change": latest - baseline}
    changed = dataclasses.replace(result, kind=kind, decimals=decimals, **figures)
    assert changed.printed_change == pytest.approx(change)


# ------------------------------------------------------------------------------------------------ the headline
NONE_OF_FORTY = ("changed", "met", "on_course", "missed", "awaited", "replaced", "discontinued", "redacted")


@pytest.fixture(scope="module")
def forty(result):
    """40 scored results as a paper had them, and one that is not scored."""

    def scored(times, verdict, reason=""):
        return [dataclasses.replace(result, verdict=verdict, reason=reason)] * times

    return [
        *scored(9, "improved"),
        *scored(10, "no_change"),
        *scored(6, "deteriorated"),
        *scored(10, "not_assessed", "no_metric"),
        *scored(3, "not_assessed", "embargoed"),
        *scored(2, "not_assessed", "small_sample"),
        dataclasses.replace(result, scored=False, verdict=""),
    ]


def test_verdicts_and_reasons_are_counted_with_their_shares(forty):
    counts = count_verdicts(iter(forty))
    sure = {f"{verdict}_{how_sure}" for verdict in VERDICTS for how_sure in HOW_SURE_WORDS}
    none = {name for word in NONE_OF_FORTY for name in (word, f"{word}_share")}
    assert {counts[name] for name in none} == {0}
    assert {n: count for n, count in counts.items() if n.removesuffix("_assumed") not in sure | none} == {
        "scored": 40, "improved": 9, "no_change": 10, "deteriorated": 6, "not_assessed": 15,
        "no_change_or_not_assessed": 25, "no_metric": 10, "embargoed": 3, "small_sample": 2,
        "no_comparator": 0, "not_comparable": 0, "suppressed": 0,
        "scored_share": 100, "improved_share": 22.5, "no_change_share": 25, "deteriorated_share": 15,
        "not_assessed_share": 37.5, "no_change_or_not_assessed_share": 62.5, "no_metric_share": 25,
        "embargoed_share": 7.5, "small_sample_share": 5, "no_comparator_share": 0, "not_comparable_share": 0,
        "suppressed_share": 0,
    }  # fmt: skip


def test_the_headline_in_one_sentence(forty, results):
    assert headline_sentence(count_verdicts(forty)) == (
        "40 indicators: 9 better (22.5%, 0 clear), 10 no clear change (25.0%), 6 worse (15.0%, 0 clear), "
        "15 not assessed (37.5%)"
    )
    assert headline_sentence(count_verdicts(results.values())) == (
        "23 indicators: 8 better (34.8%, 4 clear), 5 no clear change (21.7%), 3 worse (13.0%, 0 clear), "
        "7 not assessed (30.4%)"
    )


def test_verdicts_and_reasons_add_up(results):
    counts = count_verdicts(results.values())
    assert sum(counts[verdict] for verdict in VERDICTS) == counts["scored"] == 23
    assert sum(counts[reason] for reason in REASON_WORDS) == counts["not_assessed"] == 7


@pytest.mark.parametrize("how_many", [0, 1])
def test_without_scored_indicators_there_are_no_shares(how_many, result):
    counts = count_verdicts([dataclasses.replace(result, scored=False, verdict="")] * how_many)
    assert set(counts.values()) == {0}
    assert not any(name.endswith("_share") for name in counts)
    assert headline_sentence(counts) == "0 indicators"


def test_the_headline_that_was_saved_is_read(tmp_path):
    path = tmp_path / "headline.csv"
    path.write_text("name,value\nscored,40\nimproved_share,22.5\n", encoding="utf-8")
    assert read_headline(path) == {"scored": 40, "improved_share": 22.5}
    path.unlink()
    with pytest.raises(SourceError, match=r"the file is missing, expected the headline\. Run the dashboard notebook\."):
        read_headline(path)


@pytest.mark.parametrize(
    ("share", "words"),
    [(15, "15.0%"), (22.5, "22.5%"), (100, "100.0%"), (0, "0.0%"), (62.54, "62.5%"), (62.55, "62.6%"), (9.96, "10.0%")],
)
def test_a_share_has_one_decimal(share, words):
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("verdict", "reason", "words"),
    [
        ("improved", "", "Better"),
        ("no_change", "", "No clear change"),
        ("deteriorated", "", "Worse"),
        ("not_assessed", "no_metric", "Not assessed (no measure yet)"),
        ("not_assessed", "small_sample", "Not assessed (too few answers to publish)"),
        ("", "", ""),
    ],
)
def test_a_verdict_in_words_has_its_reason(verdict, reason, words, result):
    assert dataclasses.replace(result, verdict=verdict, reason=reason).verdict_words == words


def test_a_part_of_another_indicator_is_not_counted_once_more(forty, result):
    part = dataclasses.replace(result, verdict="improved", part_of="SP11.offences")
    assert count_verdicts([*forty, part]) == count_verdicts(forty)


def test_other_verdicts_are_named_in_the_headline_where_there_are_some(result):
    met = dataclasses.replace(result, verdict="met", reason="", how_sure="clear")
    assert headline_sentence(count_verdicts([met])) == (
        "1 indicator: 0 better (0.0%, 0 clear), 0 no clear change (0.0%), 0 worse (0.0%, 0 clear), "
        "1 met (100.0%, 1 clear), 0 not assessed (0.0%)"
    )
