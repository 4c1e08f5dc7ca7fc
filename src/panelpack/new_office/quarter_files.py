"""What a first quarter needs beside its data: parameters, a draft of the commentary without a typed figure, sources."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from panelpack.config.plan import VERSION
from panelpack.config.presets import Preset
from panelpack.formats import listed
from panelpack.new_office.measure_list import Measure
from panelpack.new_office.plan_file import boxes_of, figure_ids, flow
from panelpack.periods import Quarter

WIDTH = 110
AUTHOR = "Performance Analyst"
TO_WRITE = "To be written."
RELEASE_TO_SET = "# release: which release of its publisher's it was cut from, month and year; set it."


@dataclass(frozen=True)
class Cut:
    """A raw file that was cut out of a larger one: its name and content, what it is a table of, and how it was made.

    release: of the larger one, if that is known.
    """

    name: str
    table: str
    content: bytes
    rows: int
    sha256: str
    preset: Preset
    made_from: str
    made_from_sha256: str
    how: str
    release: str = ""


def parameters_text(quarter: Quarter) -> str:
    """Return params/<quarter>.yml: what the office decides is left to it."""
    return f"""# What changes each quarter. The commentary stands beside it.

version: {VERSION}  # of the shape of this file
quarter: {quarter}
subject: Performance report
marking: DRAFT
report_of: Police and Crime Commissioner
author: {AUTHOR}
# The day of the meeting at which the pack is presented, as in 2022-12-16: set it.
meeting_date:

implications:
  - {{heading: Financial, text: {TO_WRITE}}}
  - {{heading: Legal, text: {TO_WRITE}}}
  - {{heading: Equality, text: {TO_WRITE}}}
appendices:
  - {{letter: A, title: Performance dashboard, content: dashboard}}
  - {{letter: B, title: Performance by priority, content: priorities}}
  - {{letter: C, title: Methods, content: methods}}
contacts:
  - {{role: {AUTHOR}, organisation: Office of the Police and Crime Commissioner}}
"""


def sources_text(files: Iterable[Cut]) -> str:
    """Return data/raw/<quarter>/sources.yml: the day on which each file came is left to the office."""
    files = list(files)
    lines = [
        "# Where each raw file comes from. received: the day on which the file came, as in 2022-12-16; set it.",
        *([RELEASE_TO_SET] if any(_lacks_release(cut) for cut in files) else []),
        "",
        "files:",
    ]
    for cut in files:
        is_released = cut.preset.revised_in_releases
        lines += [
            f"  {cut.name}:",
            f"    table: {cut.table}",
            f"    supplier: {flow(cut.preset.publisher)}",
            "    received:",
            *([f"    release: {flow(cut.release) if cut.release else ''}".rstrip()] if is_released else []),
            f"    licence: {flow(cut.preset.licence)}",
            "    sensitivity: public",
            "    reconstructed: false",
            f"    sha256: {cut.sha256}",
            f"    rows: {cut.rows}",
            "    derived_from:",
            *(f"      {line}" for line in derived_lines(cut)),
        ]
    return "\n".join(lines) + "\n"


def _lacks_release(cut: Cut) -> bool:
    return cut.preset.revised_in_releases and not cut.release


def derived_lines(cut: Cut) -> list[str]:
    """Return the lines that say what a file was cut from."""
    return [f"file: {flow(cut.made_from)}", f"sha256: {flow(cut.made_from_sha256)}", f"by: {flow(cut.how)}"]


def commentary_text(measures: Sequence[Measure], periods: Mapping[str, Mapping[str, str]]) -> str:
    """Return a draft of params/<quarter>.md.

    periods: the words of the periods that a measure shows: `latest`, and `baseline` where that is a comparator.
    """
    ids = figure_ids(measures)
    paragraphs = [
        "# Purpose of report",
        "This report tells the {{ office.panel }} how the objectives of the {{ office.plan }} stand at the end of "
        "{{ quarter }} ({{ quarter.months }}).",
        "# Recommendation",
        "The Panel is asked to note this report.",
        "# Executive summary",
        _headline(measures),
        "# {{ quarter }} performance dashboard",
        "The dashboard is at Appendix A.",
        "# Performance updates",
    ]
    for title, box in boxes_of(measures).items():
        own = [measure for measure in measures if measure.priority == title]
        paragraphs.append(f"## {box}")
        paragraphs += [
            _sentence(measure, ids[measure.id], periods[measure.id]) for measure in own if measure.where is not None
        ]
        awaited = [measure for measure in own if measure.where is None]
        paragraphs += [f"{measure.title} cannot be shown yet: {measure.awaited.rstrip('.')}." for measure in awaited]
    return "\n\n".join(map(_wrapped, paragraphs)) + "\n"


def _wrapped(text: str) -> str:
    """Return a paragraph in lines, of which none ends inside a reference."""
    kept = re.sub(r"\{\{.*?\}\}", lambda reference: reference[0].replace(" ", "\0"), text)
    return fill(kept, WIDTH, break_long_words=False, break_on_hyphens=False).replace("\0", " ")


def _headline(measures: Sequence[Measure]) -> str:
    """Return the sentence that counts the verdicts which the measures' rules can give."""
    judged = [measure for measure in measures if measure.where is not None and measure.rule != "none"]
    words: dict[str, str] = {}
    if any(measure.rule == "target" for measure in judged):
        words |= {"met": "met the target", "on_course": "are on course to it", "missed": "missed it"}
    if any(measure.rule != "target" and measure.polarity != "neither" for measure in judged):
        words |= {"improved": "are better", "deteriorated": "are worse"}
    if any(measure.rule != "target" and measure.polarity == "neither" for measure in judged):
        words |= {"changed": "changed where neither way is better"}
    if any(measure.rule != "target" for measure in judged):
        words |= {"no_change": "showed no clear change"}
    words |= {"not_assessed": "could not be assessed"}
    counted = [f"{{{{ headline.{verdict} }}}} {said}" for verdict, said in words.items()]
    return f"Of {{{{ headline.scored }}}} indicators {listed(counted)}."


def _sentence(measure: Measure, name: str, periods: Mapping[str, str]) -> str:
    def field(of: str) -> str:
        return f"{{{{ {name}.{of} }}}}"

    def period(which: str) -> str:
        the = "the " if re.match("12 months|mean|half|YTD|LYTD", periods[which]) else ""
        return f"{field(which)} in {the}{field(f'{which}_period')}"

    if "baseline" not in periods:
        return f"{measure.title}: {period('latest')}."
    return f"{measure.title} {field('change | verb')} from {period('baseline')} to {period('latest')}."


def next_steps(folder: str, quarter: Quarter, measures: Sequence[Measure], cuts: Iterable[Cut]) -> list[str]:
    """Return what the analyst does next, a line each."""
    to_set = "received and release" if any(map(_lacks_release, cuts)) else "received"
    awaited = [measure.title for measure in measures if measure.where is None]
    office = shlex.quote(folder)
    params, sources = f"{folder}/params/{quarter}.yml", f"{folder}/data/raw/{quarter}/sources.yml"
    return [
        "Next:",
        f"  1. Set meeting_date in {params}, and {to_set} in {sources}.",
        f"  2. Read {folder}/params/plan.yml: names, polarities and baselines are the office's to decide.",
        f"  3. make validate OFFICE={office} Q={quarter}",
        f"  4. make quarter OFFICE={office} Q={quarter}",
        f"  5. Write the commentary: {folder}/params/{quarter}.md",
        *([f"Awaited, and so said in the pack: {listed(awaited)}."] if awaited else []),
    ]
