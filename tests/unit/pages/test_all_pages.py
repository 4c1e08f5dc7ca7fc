"""What holds of every block of every page."""

import re
from collections import Counter

from page_blocks import EMBARGOED, cells, of_kind, tables, words_of
from panelpack.pages import control_charts
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Folded, Heading

NO_NUMBER = re.compile(r"\b(nan|NaT|inf)\b|\bNone\b(?!\.)")  # "None." is a sentence


def more_than_once(words):
    return {word: times for word, times in Counter(words).items() if times > 1}


def test_nothing_embargoed_is_on_any_page_or_in_the_prepared_tables(quarter_report, pages):
    shown = [name for name, blocks in pages.items() for block in blocks if "98,765" in words_of(block)]
    shown += [name for name, blocks in pages.items() for block in blocks if EMBARGOED in words_of(block)]
    assert shown == []
    prepared = "".join(path.read_text(encoding="utf-8") for path in quarter_report.folder.rglob("*.csv"))
    assert "reoffending" in prepared and EMBARGOED not in prepared


def test_a_withheld_series_has_no_chart_and_the_page_says_why(quarter_report, pages):
    of = quarter_report
    titles = [spec.title for spec in of.plan.series.values() if of.parameters.withheld(spec.table)]
    assert len(titles) == 2
    blocks = [block for name, page in pages.items() if name.startswith("page") for block in page]
    for title in titles:
        assert not any(block.subtitle.startswith(title) for block in of_kind(blocks, Chart))
        assert not any(title in words_of(block) for block in of_kind(blocks, Folded))
    said = [note for table in tables(blocks) for note in table.notes if "Until 5 November 2015." in note]
    assert len(said) == 1 and said[0].startswith("Increase in the number of successful drug")


def test_no_cell_is_a_number_that_is_none(pages):
    shown = [(name, cell) for name, blocks in pages.items() for table in tables(blocks) for cell in cells(table)]
    shown += [(name, chart.alt + chart.caption) for name, blocks in pages.items() for chart in of_kind(blocks, Chart)]
    assert len(shown) > 1000
    assert [(name, words) for name, words in shown if NO_NUMBER.search(words)] == []


def test_every_reference_is_resolved(pages):
    assert [name for name, blocks in pages.items() if any("{{" in words_of(block) for block in blocks)] == []


def test_captions_anchors_and_the_texts_of_charts_are_unique_over_all_pages(quarter_report, pages):
    every = [block for blocks in pages.values() for block in blocks]
    assert more_than_once(table.caption for table in tables(every)) == {}
    assert more_than_once(heading.anchor for heading in of_kind(every, Heading) if heading.anchor) == {}
    alts = [chart.alt for chart in of_kind(every, Chart)]
    assert len(alts) >= len(control_charts.charts_of_pack(quarter_report)) > 20 and more_than_once(alts) == {}
    assert min(map(len, alts)) > 40
