import datetime
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from panelpack.errors import RenderError
from panelpack.rendering import document
from panelpack.rendering.cells import html_fragment, typst_fragment
from panelpack.rendering.charts import Chart
from panelpack.rendering.paper import Paper, Part
from panelpack.rendering.prose import Callout, Facts, Heading, Paragraphs
from panelpack.rendering.table import Table

PAPER = Paper(
    "Quarter 1 performance report",
    office="Office of the Commissioner",
    panel="Police and Crime Panel",
    marking="Public",
    date_text="Wednesday 16 September 2015",
    notice="Monthly detail is *reconstructed*.",
    at_foot="An example.",
    document_date=datetime.date(2015, 9, 16),
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><path d="M0 0H90V30Z"/></svg>'


def cell(block, source="block", **metadata):
    shown = block._repr_mimebundle_()
    data, about = shown if isinstance(shown, tuple) else (shown, {})
    output = new_output("execute_result", data=data, metadata=about, execution_count=1)
    return new_code_cell(source, outputs=[output], execution_count=1, metadata=metadata)


def shares(*notebooks):
    return [document.fragment(notebook) for notebook in notebooks]


def notebook(anchor="priority-1", *cells):
    return new_notebook(
        metadata={"papermill": {"output_path": f"run/{anchor}.ipynb"}},
        cells=[
            new_code_cell("quarter = '2015Q1'", metadata={"tags": ["parameters"]}, execution_count=1),
            cell(Heading(2, "To reduce all crime", anchor)),
            new_markdown_cell("### Method\n\nSee [the dashboard](#dashboard)."),
            cell(Facts([("Date", "Wednesday")])),
            cell(Paragraphs([("26", f"para-{anchor}", "It **fell** by 5% #1."), ("27", "", "As [26](#para-gone).")])),
            cell(Table([{"Indicator": "Offences", "Verdict": "▲ Improved"}], "Dashboard", notes=["¹ A note"])),
            cell(Chart(SVG, SVG, SVG, b"", "A title", "A subtitle", 'A "flat" line', "One *line*")),
            cell(Callout("warning", "Populations", "They differ.")),
            new_code_cell("print('working')", outputs=[new_output("stream", name="stdout", text="39 months read\n")]),
            new_code_cell(
                "checks",
                metadata={"tags": ["review"]},
                outputs=[new_output("execute_result", data={"text/plain": "all 12 held"})],
            ),
            *cells,
        ],
    )


def words(pdf):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_panel_sees_no_working_and_the_reviewer_sees_all():
    for fragment in (html_fragment, typst_fragment):
        seen, all_of_it = (fragment(notebook(), working=working) for working in (False, True))
        for working in ("39 months read", "all 12 held", "Parameters of this run"):
            assert working not in seen and working in all_of_it
        assert "Populations" in seen


def test_html_page_has_what_a_reader_needs():
    page = document.review_html(notebook(), PAPER)
    assert '<html lang="en-GB">' in page and '<a class="skip" href="#content">' in page
    assert page.count("<h1>") == 1 and '<li><a href="#section-method">Method</a></li>' in page
    assert '<h3 id="section-method">Method</h3>' in page
    assert '<p class="chart-title">A title</p><p class="chart-subtitle">A subtitle</p><svg class="on-page"' in page
    assert page.count('role="img" aria-label="A &quot;flat&quot; line"') == 2, "for a page and for a telephone"
    assert "<figcaption>One <em>line</em></figcaption>" in page
    assert 'src="http' not in page and "@import" not in page


def test_a_picture_that_is_no_chart_of_ours_is_shown_as_one_with_its_words():
    said = {"image/svg+xml": {"alt": 'A "flat" line', "caption": "One *line*"}}
    shown = new_output("display_data", data={"image/svg+xml": SVG, "text/plain": "plot"}, metadata=said)
    book = notebook("one", new_code_cell("plot()", outputs=[shown]))
    page = document.review_html(book, PAPER)
    assert '<img alt="A &#34;flat&#34; line" src="data:image/svg+xml;base64,' in page
    assert page.count("<figcaption>One <em>line</em></figcaption>") == 2
    assert document.review_pdf(book, PAPER).startswith(b"%PDF")


def pack_html(parts, about) -> str:
    return "".join(document.pack_html(parts, about))


def pack_pdf(parts, about) -> bytes:
    """The only volume of a pack in print."""
    [(name, made)] = document.printed(document.volumes(parts), about)
    assert name == "panel-pack.pdf"
    return made


def test_links_lead_somewhere_or_are_words():
    alone = document.review_html(notebook(), PAPER)
    assert 'href="#para-gone"' not in alone and "As 26." in alone and 'href="#dashboard"' not in alone
    pack = pack_html([Part("", "", shares(notebook())), Part("Dashboard", "dashboard", shares(notebook("two")))], PAPER)
    assert '<a href="#dashboard">the dashboard</a>' in pack


def test_what_every_page_must_say_stands_at_its_foot():
    parts = [Part("", "", shares(notebook())), Part("Dashboard", "dashboard", shares(notebook("two")), new_page=True)]
    pages = pypdf.PdfReader(io.BytesIO(pack_pdf(parts, PAPER))).pages
    assert len(pages) > 1 and all("An example." in page.extract_text() for page in pages)
    footer = pack_html(parts, PAPER).partition("<footer>")[2]
    assert "<p>An example.</p>" in footer
    assert "<footer>\n<p>Office" in document.review_html(notebook(), replace(PAPER, at_foot=""))


def test_a_part_with_a_title_takes_its_notebooks_one_level_down():
    parts = [Part("Appendix A", "appendix-a", shares(notebook()), new_page=True)]
    page = pack_html(parts, PAPER)
    assert '<h2 id="appendix-a">Appendix A</h2>' in page
    assert '<h3 id="priority-1">To reduce all crime</h3>' in page and '<h4 id="section-method">' in page
    outline = pypdf.PdfReader(io.BytesIO(pack_pdf(parts, PAPER))).outline
    assert outline[0].title == PAPER.title and outline[1][0].title == "Appendix A"
    assert outline[1][1][0].title == "To reduce all crime"


def test_more_priorities_than_a_volume_holds_are_printed_in_volumes(monkeypatch):
    monkeypatch.setattr(document, "MOST_NOTEBOOKS", 2)
    books = [shares(notebook(f"{n}", new_markdown_cell(f"Book {n}.")))[0] for n in range(5)]
    parts = [Part("", "", shares(notebook())), Part("Appendix C", "priorities", books, new_page=True)]
    made = dict(document.printed(document.volumes(parts), PAPER))
    assert list(made) == ["panel-pack.pdf", "panel-pack-2.pdf", "panel-pack-3.pdf", "panel-pack-4.pdf"]
    said = {name: words(pdf) for name, pdf in made.items()}
    assert "Appendix C\nPrinted in volumes 2 to 4." in said["panel-pack.pdf"] and "Book" not in said["panel-pack.pdf"]
    held = [[n for n in range(5) if f"Book {n}." in said[f"panel-pack-{number}.pdf"]] for number in (2, 3, 4)]
    assert held == [[0, 1], [2, 3], [4]]
    for number, pdf in enumerate(made.values(), start=1):
        assert pypdf.PdfReader(io.BytesIO(pdf)).metadata.title == f"{PAPER.title}, volume {number} of 4"


def pages_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def chapter(name, lines):
    words = "\n\n".join(f"Line {line} of {name}." for line in range(lines))
    return new_notebook(
        metadata={"papermill": {"output_path": f"{name}.ipynb"}},
        cells=[cell(Heading(2, f"Chapter {name}", f"chapter-{name}")), new_markdown_cell(words)],
    )


def test_short_notebooks_share_a_page_and_longer_ones_start_one():
    books = shares(*(chapter(name, lines) for name, lines in [("a", 5), ("b", 5), ("c", 30), ("d", 90), ("e", 3)]))
    pages = pages_of(pack_pdf([Part("", "", shares(notebook())), Part("All", "all", books, new_page=True)], PAPER))
    at = {
        name: next(n for n, page in enumerate(pages) if f"Chapter {name}" in page.split("In this pack")[0])
        for name in "abcde"
    }
    assert at["a"] == at["b"] == 1
    assert at["c"] == 2 and "Line 29 of c" in pages[2]  # whole, on a page of its own
    assert at["d"] == 3 and at["e"] == at["d"] + 2 - ("Line 89 of d" in pages[at["d"] + 1])  # after the last line of d


def test_a_few_lines_over_a_page_are_set_closer_and_stay_on_it():
    def pages(lines):
        parts = [Part("", "", shares(notebook())), Part("All", "all", shares(chapter("a", lines)), new_page=True)]
        return len(pages_of(pack_pdf(parts, PAPER)))

    counts = [pages(lines) for lines in range(36, 60, 4)]
    assert counts == sorted(counts) and counts[0] == 2 and counts[-1] == 3


def test_the_foot_of_page_one_names_the_parts_with_their_pages():
    parts = [
        Part("", "", shares(notebook()), new_page=True),
        Part("Second part", "second", shares(chapter("a", 3)), new_page=True),
        Part("Third part", "third", shares(chapter("b", 3)), new_page=True),
    ]
    [first, *others] = pages_of(pack_pdf(parts, PAPER))
    assert len(others) == 2
    assert "In this pack: Second part 2 · Third part 3" in " ".join(first.split())


def test_a_turned_page_is_a_page_of_its_own():
    turned = {"text/html": "<p>Wide.</p>", "text/typst": "#landscape[Wide.]", "text/plain": "Wide."}
    wide = new_code_cell("wide", outputs=[new_output("execute_result", data=turned)], execution_count=1)
    pages = pypdf.PdfReader(io.BytesIO(pack_pdf([Part("", "", shares(notebook("a", wide)))], PAPER))).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True]


def test_pdf_is_tagged_titled_dated_and_says_the_words():
    pdf = pack_pdf([Part("", "", shares(notebook()))], PAPER)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == PAPER.title and reader.metadata.creation_date.date() == PAPER.document_date
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"] == "en-GB"
    text = words(pdf)
    assert "It fell by 5% #1." in text and "▲ Improved" in text and "Page 1 of 1" in text
    assert "39 months read" in words(document.review_pdf(notebook(), PAPER))


def test_an_anchor_used_twice_is_refused():
    parts = [Part("", "", shares(notebook(), notebook()))]
    with pytest.raises(RenderError, match="anchor 'para-priority-1' was found 2 times"):
        pack_html(parts, PAPER)


def test_a_heading_level_left_out_is_refused():
    parts = [Part("", "", shares(notebook("a", cell(Heading(5, "Too deep")))))]
    with pytest.raises(RenderError, match="'Too deep': level 5 was found after level 3"):
        pack_html(parts, PAPER)


def test_what_cannot_be_printed_names_its_notebook():
    parts = [Part("", "", shares(notebook("first"), notebook("second", new_markdown_cell("漢")), notebook("third")))]
    with pytest.raises(RenderError, match=r"^second\.ipynb: the PDF could not be made .*'?漢") as caught:
        pack_pdf(parts, PAPER)
    assert "\n" not in str(caught.value)


def test_a_notebook_that_stopped_is_shown_to_reviewers_and_kept_from_the_panel():
    stopped = new_code_cell(
        "1 / 0",
        outputs=[
            new_output(
                "error",
                ename="ZeroDivisionError",
                evalue="by zero",
                traceback=["\x1b[31mZeroDivisionError\x1b[0m: by zero"],
            )
        ],
    )
    broken = notebook("broken", stopped)
    assert "Error: the notebook stopped here" in document.review_html(broken, PAPER)
    assert "ZeroDivisionError: by zero" in words(document.review_pdf(broken, PAPER))
    with pytest.raises(RenderError, match=r"broken\.ipynb, cell 11"):
        html_fragment(broken, working=False)


def test_the_exporters_read_the_paper_from_the_notebook():
    book = notebook()
    book.metadata["panelpack"] = {"title": "Own title", "document_date": "2015-09-16"}
    page, _ = document.ReviewHTMLExporter().from_notebook_node(book)
    assert "<h1>Own title</h1>" in page
    pdf, resources = document.ReviewPDFExporter().from_notebook_node(book)
    assert pdf.startswith(b"%PDF") and resources["output_extension"] == ".pdf"


def test_the_same_notebooks_give_the_same_bytes_anywhere():
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); import test_document as t; "
        "parts = [t.Part('', '', t.shares(t.notebook()))]; "
        "both = t.pack_html(parts, t.PAPER).encode() + t.pack_pdf(parts, t.PAPER); "
        "print(hashlib.sha256(both).hexdigest())"
    )
    here = Path(__file__)
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(here.parent)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(here.parents[3] / "src")},
        )
        for seed, zone in (("0", "UTC"), ("7", "Asia/Tokyo"))
    ]
    digests = [run.communicate()[0] for run in runs]
    assert digests[0] and digests[0] == digests[1]


def test_what_follows_marked_words_is_printed_as_it_stands():
    text = "Rows of **STORM**; of `all`; of [links](https://example.org); and *some*(one) or `two`(2)."
    printed = words(pack_pdf([Part("", "", shares(notebook("marked", cell(Callout("note", "Marks", text)))))], PAPER))
    assert "Rows of STORM; of all; of links; and some(one) or two(2)." in " ".join(printed.split())
