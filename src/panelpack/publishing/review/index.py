"""The index of the review copies: what to settle and to look at first, what moved, who checked and signed, and links.

It holds no clock: the same run, and the same file of reviews, give the same page.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panelpack.formats import number
from panelpack.indicators.sheets import WORKBOOK
from panelpack.open_points.kinds import count_kinds, count_words
from panelpack.open_points.saved import read_open_points
from panelpack.pages.open_points import comments_table, open_points_table
from panelpack.periods import date_words
from panelpack.pipeline.steps import PREPARE, VALIDATE, WORKING, Step
from panelpack.publishing.manifest import INDEX, RUN_FILE
from panelpack.publishing.review.log import log_blocks, seal_words, sign_off_blocks, signed_words
from panelpack.publishing.tables import rows_of
from panelpack.rendering.html import html_page
from panelpack.rendering.paper import Paper
from panelpack.rendering.prose import Block, Facts, Heading, Text
from panelpack.rendering.table import Table

if TYPE_CHECKING:
    from panelpack.publishing.pack import Edition, Pack

TITLE = "Review sheet"
SHEET = "reviewing"  # the folder of its tables, below that of what the notebooks write for each other
TABLE_WORDS = {
    "indicators.csv": "Every row of the dashboard, unrounded",
    "indicators.xlsx": "Workbook: the dashboard, every indicator, every total compared, every series",
    "series.csv": "Every point of every series that is shown, with its numerator and base",
    "periods.csv": "Every total that a figure compares, and what it is put together of",
    "commentary.csv": "Every paragraph and all that it cites, with the raw values",
    "dictionary.csv": "What each column of these tables says",
    "comparators.csv": "How each figure compares with the other forces, or why it is not compared",
    "other_forces.csv": "Every force's counts, changes and rates, behind each comparison",
}
RECORDS = {
    "../manifest.json": "Manifest: every input, line of code, output and figure with its sha256",
    f"../{RUN_FILE}": "Run record: on which machine, with which versions, at which commit it was made",
    "../ro-crate-metadata.json": "The same for archives (RO-Crate), with what each notebook read and wrote",
    "../verify/certificate.html": "Certificate of the last verification; it is there once `make verify` has run here",
}


def write_index(pack: "Pack", about: Paper, manifest: Mapping[str, Any], printed: Sequence[str]) -> None:
    """Write review/index.html. about: how pages are marked. manifest: sealed. printed: the names of the PDFs."""
    body = "\n".join(block.html() for block in index_blocks(pack, about, manifest, printed))
    (pack.staging / INDEX).write_text(html_page(body, about.called(TITLE)), encoding="utf-8")


def index_blocks(pack: "Pack", about: Paper, manifest: Mapping[str, Any], printed: Sequence[str]) -> Iterator[Block]:
    """Yield the sheet: first what asks for a reader's judgement, last what is only to be looked up."""
    processed = pack.project.processed(pack.quarter)
    saved = {path.stem: list(rows_of(path)) for path in sorted((processed / SHEET).glob("*.csv"))}
    links = _Links(pack.steps)
    points = [*read_open_points(processed), *pack.reviewed.comments]
    warnings, seal = [*saved.get("typed", []), *saved.get("warnings", [])], str(manifest["seal"])
    yield Facts(
        [
            ("Headline", f"{pack.headline}."),
            ("To settle", f"[{count_words(count_kinds(points)) or 'Nothing is open'}](#open)"),
            ("To look at", f"[{number(len(warnings))} warning{'s' * (len(warnings) != 1)}](#warnings)"),
            ("Signed", f"{signed_words(pack.reviewed.sign_offs, seal)} [Sign-off](#sign-off)"),
            ("Seal", f"`{seal_words(seal)}`, which an entry of a check or a signature names"),
        ]
    )
    yield Heading(2, "To settle before approval", "open")
    yield open_points_table(points)
    yield from _warnings(warnings, links)
    yield from _moved(saved, links)
    yield from _received(saved.get("arrivals", []), links)
    yield from log_blocks(pack.reviewed.checks, seal, str(pack.quarter))
    yield from sign_off_blocks(pack.reviewed.sign_offs, seal)
    if pack.reviewed.answered:
        yield Heading(2, "Comments answered", "comments")
        yield comments_table(pack.reviewed.answered)
    yield from _assumptions(saved.get("assumptions", []))
    yield from _notebooks(pack.steps)
    yield from _files(printed, pack.tables)
    yield from editions_blocks(pack.editions, seal)
    yield from _checks(processed / "checks.csv", links)


class _Links:
    """Links to the copies of notebooks, by what they are called."""

    def __init__(self, steps: Sequence[Step]):
        self._steps = {step.name: step for step in steps}
        self._boxes = {step.parameters["priority"]: step for step in steps if "priority" in step.parameters}

    def to_boxes(self, boxes: str) -> str:
        """Return links to the working of boxes, whose words are their numbers; '' for none."""
        steps = [self._boxes[box] for box in boxes.split(";") if box in self._boxes]
        return ", ".join(f"[{title_of(step).partition(' ')[0]}]({step.name}.html)" for step in steps)

    def to(self, name: str) -> str:
        """Return a link to a notebook by its title, for the middle of a sentence."""
        step = self._steps.get(name)
        return f"[{title_of(step)}]({step.name}.html)" if step else name


def title_of(step: Step) -> str:
    """Return what a notebook is called: its title without how it is told from the pack's own page."""
    return (step.title or step.name).removesuffix(WORKING)


# ------------------------------------------------------------------------------------------------ to be judged
def _warnings(saved: Sequence[Mapping[str, str]], links: _Links) -> Iterator[Block]:
    yield Heading(2, "To look at first", "warnings")
    if not saved:
        yield Text("No verdict, base, chart or restatement stands out.")
        return
    yield Text(
        "What makes a figure or a verdict less sure than it looks, those first that touch a verdict of change. A "
        "warning is no mistake: say in the log that you looked, or make it a comment."
    )
    rows = [
        {
            "What": row["kind"],
            "Figures": row["figures"],
            "The matter": row["matter"],
            "Working": links.to_boxes(row["boxes"]),
        }
        for row in saved
    ]
    yield Table(rows, "Warnings", widths=[2, 3, 6, 0.9], align={"Working": "left"})


def _moved(saved: Mapping[str, Sequence[Mapping[str, str]]], links: _Links) -> Iterator[Block]:
    yield Heading(2, "What moved", "moved")
    yield Heading(3, "Verdicts that are others than in the last pack", "changed-verdicts")
    rows = [
        {
            "Figure": row["figure"],
            "In the last pack": row["before"],
            "Now": row["now"],
            "How sure": row["how_sure"],
            "Working": links.to_boxes(row["box"]),
        }
        for row in saved.get("changed_verdicts", [])
    ]
    align = {"In the last pack": "left", "Now": "left", "Working": "left"}
    yield (
        Table(rows, "Verdicts changed", align=align)
        if rows
        else Text("None, or there is no pack of the quarter before.")
    )
    by_period: dict[str, list[dict[str, str]]] = {}
    for row in saved.get("movers", []):
        by_period.setdefault(row["against"], []).append(
            {
                "Figure": row["figure"],
                "Before": row["before"],
                "Now": row["now"],
                "Movement": row["movement"],
                "Verdict": row["verdict"],
                "Working": links.to_boxes(row["box"]),
            }
        )
    for against, of_period in by_period.items():
        yield Heading(3, f"Biggest movers against {against}")
        align = {"Before": "left", "Now": "left", "Movement": "right", "Verdict": "left", "Working": "left"}
        note = "Counts and amounts by percent, then percentages by points; only periods of one length are compared."
        yield Table(of_period, f"Biggest movers against {against}", align=align, notes=[note])


def _received(saved: Sequence[Mapping[str, str]], links: _Links) -> Iterator[Block]:
    if not saved:
        return
    yield Heading(2, "Received, awaited, restated", "arrivals")
    rows = [
        {
            "Table": row["table"],
            "Supplier": row["supplier"],
            "Received": row["received"],
            "Status": row["status"],
            "Restated since the last quarter's file": row["restated"],
        }
        for row in saved
    ]
    yield Table(rows, "The suppliers' tables", align={"Restated since the last quarter's file": "left"})
    yield Text(f"Cell by cell: {links.to(PREPARE)}. File by file: {links.to(VALIDATE)}.")


def _assumptions(saved: Sequence[Mapping[str, str]]) -> Iterator[Block]:
    if not saved:
        return
    yield Heading(2, "Assumptions and their owners", "assumptions")
    yield Table(saved, "What the pack takes for granted, and who answers for it", widths=[5, 3, 3])


# ------------------------------------------------------------------------------------------------ to be looked up
def _notebooks(steps: Sequence[Step]) -> Iterator[Block]:
    yield Heading(2, "Notebooks", "ran")
    rows = [
        {
            "Notebook": f"[{title_of(step)}]({step.name}.html)",
            "To print": f"[PDF]({step.name}.pdf)",
            "To run": f"[notebook]({step.name}.ipynb)",
            "Run with": ", ".join(f"{name} = {value}" for name, value in step.parameters.items()),
        }
        for step in steps
    ]
    yield Table(rows, "Every notebook as it ran, with its code")


def _files(printed: Sequence[str], tables: Sequence[str]) -> Iterator[Block]:
    yield Heading(2, "The pack and its records", "files")
    volumes = {
        name: f"The pack as a PDF{f', volume {place}' * (len(printed) > 1)}"
        for place, name in enumerate(printed, start=1)
    }
    there = {name: words for name, words in TABLE_WORDS.items() if name in (*tables, WORKBOOK)}
    what_is = {"panel-pack.html": "The pack as a web page", **volumes, **there}
    rows = [{"File": f"[{name}](../pack/{name})", "What it is": what} for name, what in what_is.items()]
    rows += [{"File": f"[{Path(name).name}]({name})", "What it is": what} for name, what in RECORDS.items()]
    yield Table(rows, "The pack and its records", align={"What it is": "left"})


def editions_blocks(editions: Sequence["Edition"], seal: str) -> list[Block]:
    """Return every edition with its seal, where there is more than one; the last one has `seal`."""
    if len(editions) < 2:
        return []
    rows = [
        {
            "Edition": number(place),
            "Day": date_words(edition.day),
            "Why": edition.reason,
            "Seal": f"`{edition.seal or seal}`",
            "Can be verified at commit": f"`{edition.commit}`" if edition.commit else "",
        }
        for place, edition in enumerate(editions, start=1)
    ]
    align = {"Why": "left", "Seal": "left", "Can be verified at commit": "left"}
    return [Heading(2, "Editions", "editions"), Table(rows, "Editions of this pack", align=align)]


def _checks(path: Path, links: _Links) -> Iterator[Block]:
    """Yield how many checks of each table passed, and by name those that were not run."""
    yield Heading(2, "Checks of the raw data", "checks")
    outcomes: dict[str, list[bool]] = {}
    for row in rows_of(path):
        outcomes.setdefault(row["table"], []).append(row["passed"] == "True")
    rows = [
        {"Table": table, "Checks passed": number(sum(passes)), "Checks": number(len(passes))}
        for table, passes in sorted(outcomes.items())
    ]
    yield Table(rows, "Checks of the raw data, by table")
    yield Text(f"What each check expects, looked at and found: {links.to(VALIDATE)}.")
