"""The command line: parse, call, and turn an expected failure into one line and an exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from panelpack.errors import PanelPackError, UsageError, ValidationFailed, about_plan
from panelpack.heavy_imports import loading
from panelpack.periods import Quarter
from panelpack.project import EDITION, REVIEW, Project
from panelpack.surroundings import own_surroundings
from panelpack.terminal import for_terminal

if TYPE_CHECKING:
    from datetime import date

    from panelpack.open_points.kinds import Reviewed
    from panelpack.pipeline.records import FileHashes

BROKEN_OFF = 130
AGAIN = -1  # what a command returns that is to be run anew, by the code as it now is
QUARTER_HELP = "a quarter of the financial year, YYYYQn: Q1 is April to June of the year YYYY"


def quarter(project: Project, label: str) -> None:
    """Make the panel pack of a quarter.

    Runs the notebooks that must run, and publishes what all of them left.
    """
    chosen, engine, say = project.quarter(label), _settings(), _saying(project)
    say(f"Panel pack {chosen}: {chosen.words}")
    hashes, says = _hashes(project, chosen)
    if says:
        say("Nothing changed since it was made.")
    else:
        from panelpack.pipeline.page_worker import PageWorker
        from panelpack.publishing.pack import load_for_pages

        with PageWorker(load_for_pages) as worker:  # it loads what pages need while this loads what notebooks need
            with loading():
                from panelpack.make_quarter import make_quarter
                from panelpack.pipeline.execute import FAST, STOCK
            says = make_quarter(hashes, worker, say, engine=STOCK if engine == "stock" else FAST)
    say(f"\n{says}")
    for path in ("pack/panel-pack.html", "pack/panel-pack.pdf", "review/index.html", "manifest.json"):
        say(f"  {project.name(project.outputs(chosen))}/{path}")


def live(project: Project, label: str) -> int:
    """Make the pack again whenever an input is saved, until Ctrl-C."""
    chosen, _ = project.quarter(label), _settings()
    hashes, _ = _hashes(project, chosen)
    with loading():
        from panelpack import live
    live.follow(project, chosen, hashes)
    return AGAIN


def why(project: Project, label: str) -> None:
    """Say what would run for a quarter's pack, and which input makes it so. Nothing is run."""
    chosen = project.quarter(label)
    from panelpack.pipeline.records import AS_IT_WAS, PACK, steps_of_pack

    hashes, says = _hashes(project, chosen)
    if says:  # known before anything is loaded that could say more
        for name in (*steps_of_pack(hashes), PACK):
            print(f"{name:<18} {AS_IT_WAS}")
        return
    with loading():
        from panelpack import make_quarter

    for line in make_quarter.why(project, chosen):
        _saying(project)(line)


def verify(project: Project, label: str) -> int:
    """Rerun a quarter and compare it with its manifest: 0 reproduced, 1 differs, 2 could not run.

    Every notebook runs again in a fresh kernel, in a temporary folder. The certificate is written to
    outputs/<quarter>/verify/.
    """
    chosen, engine, say = project.quarter(label), _settings(), _saying(project)
    say(f"Verifying {chosen}: every notebook again, each in a fresh kernel")
    from panelpack.pipeline.page_worker import PageWorker
    from panelpack.publishing.pack import load_for_pages

    with PageWorker(load_for_pages) as worker:
        with loading():
            from panelpack.audit import certificate
            from panelpack.audit import verify as verification
            from panelpack.pipeline.execute import FAST, STOCK
        verified = verification.verify(project, chosen, worker, say, FAST if engine == "fast" else STOCK)
    say(f"\n{project.name(certificate.path(project, chosen))}\n{verified.line}")
    return verified.exit_code


def compare(project: Project, earlier: str, later: str) -> None:
    """Set two quarters side by side: figures, verdicts, restated history."""
    for name, label in (("A", earlier), ("B", later)):
        if not label:
            raise UsageError(f"{name} is missing: expected two quarters. Type make compare A=YYYYQn B=YYYYQn.")
    chosen = [project.quarter(label) for label in (earlier, later)]
    from panelpack.audit.compare import compare_quarters

    _saying(project)(project.name(compare_quarters(project, *chosen)))


def approve(project: Project, label: str, role: str) -> None:
    """Record that a role approves the pack of a quarter as its manifest describes it, and mark the pack."""
    chosen = project.quarter(label)
    from panelpack.config.configuration import Configuration
    from panelpack.open_points.comments import reviewed
    from panelpack.publishing import approvals

    def not_before() -> "tuple[str, date]":
        return Configuration.read(project, chosen).latest_decision

    def what_reviewers_say() -> "Reviewed":
        return reviewed(Configuration.read(project, chosen))

    _saying(project)(approvals.approve(project, chosen, role, not_before, what_reviewers_say))
    quarter(project, label)


def reissue(project: Project, label: str, reason: str, day: str) -> None:
    """Make a new edition of a pack that was approved: after a restatement, an error, or a release.

    The edition before stays what it was: its manifest is kept, and its seal. If the new one cannot be made, all is as
    it was.
    """
    chosen, _ = project.quarter(label), _settings()
    from panelpack.reissue import reissue as make_edition

    for line in make_edition(project, chosen, reason, day, lambda: quarter(project, label)):
        _saying(project)(line)


def validate(project: Project, label: str) -> None:
    """Check a quarter's raw data only, and say what must be answered before its pack can be approved."""
    chosen, say = project.quarter(label), _saying(project)
    from panelpack.config.configuration import Configuration
    from panelpack.indicators.compute import compute_every
    from panelpack.indicators.quarter_data import data_of_raw_files
    from panelpack.indicators.rehearsal import find_failures
    from panelpack.intake.tables import earlier_tables
    from panelpack.open_points.points import answered, find_open_points
    from panelpack.open_points.terminal import words_for_terminal, words_of_embargoes
    from panelpack.plausibility.queries import find_queries
    from panelpack.validation.raw_data import check_raw_data

    office = Configuration.read(project, chosen)
    with about_plan(project.plan(chosen)):
        checked = check_raw_data(office)
        checked.stop_if_failed()
        if failures := find_failures(office):
            raise ValidationFailed(f"The pack of {chosen} cannot be made of these data.", tuple(failures))
    say(f"The raw data of {chosen} passed {len(checked.checks)} checks of {len(checked.tables)} tables.")
    for table in sorted(office.parameters.not_supplied):
        say(f"Not there, and not assessed: {table} ({office.parameters.availability[table].status}).")
    queries = find_queries(office, checked.tables, earlier_tables(office))
    points = find_open_points(office, queries, compute_every(data_of_raw_files(office)))
    for line in (*words_for_terminal(office, points, answered(office, queries)), *words_of_embargoes(office)):
        say(line)


def check(project: Project, label: str) -> None:
    """Check a quarter's configuration, and look for figures that were typed where a reference could stand.

    Without a quarter, every quarter that has a raw folder is checked, and every plan, also one that counts for none of
    them yet.
    """
    from panelpack.config.configuration import Configuration
    from panelpack.config.plan_checks import load_plan
    from panelpack.config.printable import check_characters
    from panelpack.indicators.compute import compute_every
    from panelpack.indicators.quarter_data import data_of_raw_files
    from panelpack.indicators.typed_figures import find_typed
    from panelpack.validation.suites import suite_paths

    plans = [] if label else [load_plan(path, *project.layouts) for path in project.plans()]
    if plans:
        _, strays = suite_paths({table: None for plan in plans for table in plan.tables}, project.expectations)
        if strays:
            raise PanelPackError("\n".join(strays))
    known = [] if label else project.quarters()
    quarters = list(map(Quarter.parse, known)) or [project.quarter(label)]
    typed = []
    for chosen in quarters:
        office = Configuration.read(project, chosen)
        check_characters(office)
        with about_plan(project.plan(chosen)):
            typed += find_typed(office.commentary, compute_every(data_of_raw_files(office)))
    for line in typed:
        _saying(project)(line)
    if typed:
        figures = f"{len(typed)} typed figure{'s' * (len(typed) > 1)}"
        raise PanelPackError(f"{figures}: expected references. Correct them, then check again.")
    print(f"Checked: configuration and commentary of {', '.join(map(str, quarters))}.")


def receive(project: Project, label: str) -> None:
    """Record the checksums of a quarter's raw files, and their numbers of rows, in its sources.yml."""
    chosen = project.quarter(label)
    from panelpack.intake import receiving
    from panelpack.intake.tables import rows_received

    for line in receiving.receive(project.raw(chosen), rows_received):
        _saying(project)(line)


def request(project: Project, label: str) -> None:
    """Write a page for each supplier: which files a quarter needs, laid out how, and by when."""
    from panelpack.publishing import request

    for line in request.request(project, label):
        _saying(project)(line)


def new_quarter(project: Project, label: str, start_from: str) -> None:
    """Prepare folders and parameters for a quarter that has none, from those of the quarter before."""
    from panelpack.intake import starting

    for line in starting.new_quarter(project, label, start_from):
        _saying(project)(line)


def lab(project: Project, label: str, arguments: str) -> int:
    """Open the notebooks in JupyterLab, for this office; to run one there and save it changes nothing.

    With a quarter, they show that one, else the latest.
    """
    chosen = project.quarter(label) if label else None
    from panelpack import lab

    return lab.open_lab(project, chosen, arguments)


def new_office(project: Project, *given: str) -> None:
    """Make the folder of a new office from the official table of recorded crime: plan, data, a draft of the report.

    What is not given is asked for at a terminal. Nothing that exists is overwritten.
    """
    from panelpack.new_office.office_folder import new_office as make_office
    from panelpack.new_office.order import read_order

    for line in make_office(project, read_order(_by_name(NEW_OFFICE_OPTIONS, given))):
        print(line)


def official_table(project: Project, label: str, data: str) -> None:
    """Put the official table of recorded crime, cut to the office's force, into a quarter's raw data."""
    from panelpack.new_office import later_table

    for line in later_table.official_table(project, label, data):
        _saying(project)(line)


def comparators(project: Project, data: str) -> None:
    """Make the tables by which forces are compared (data/comparators) from a release of the official table."""
    from panelpack.comparators.making import make_comparators

    for line in make_comparators(project, data):
        print(line)


def atlas(project: Project, *given: str) -> int:
    """Make the packs of many forces and quarters from the official table, side by side, with an index and a page.

    What is there already is not made again; a pack that cannot be made is a row of the index.
    """
    from panelpack.atlas.atlas import make_atlas
    from panelpack.atlas.order import read_order

    software = Project(project.root)
    return make_atlas(software, read_order(software, _by_name(ATLAS_OPTIONS, given)), _at_once)


def atlas_verify(project: Project, *given: str) -> int:
    """Make some packs of an atlas again, elsewhere, and compare seals: 0 all agree, 1 one differs."""
    from panelpack.atlas.verify import read_sample, verify_atlas

    software = Project(project.root)
    return verify_atlas(software, read_sample(software, _by_name(ATLAS_VERIFY_OPTIONS, given)), _at_once)


# Each command, and its arguments: name and help.
ONE_QUARTER = (("quarter", QUARTER_HELP),)
NEW_OFFICE_OPTIONS = (
    ("--force", "the force, as the official table names it (FORCE)"),
    ("--q", f"{QUARTER_HELP} (Q)"),
    ("--baseline", "the financial year that figures are compared with, YYYY/YY (BASELINE)"),
    ("--data", "the file of the official table: police recorded crime by police force area (DATA)"),
    ("--to", "the folder of the new office (TO)"),
    ("--measures", "a list of the office's measures, a line each; by default what the table can say (MEASURES)"),
)
ATLAS_OPTIONS = (
    ("--data", "the file of the official table: police recorded crime by police force area (DATA)"),
    ("--q", "the quarters, YYYYQn, a span YYYYQn..YYYYQn, or several with commas between (Q)"),
    ("--forces", "the forces, with commas between; by default all that the table has (FORCES)"),
    ("--baseline", "the financial year that figures are compared with; by default the table's first (BASELINE)"),
    ("--measures", "a list of measures, a line each; by default what the table can say (MEASURES)"),
    ("--release", "what the table's release is called; by default as data/comparators calls it (RELEASE)"),
    ("--to", "the folder of atlases; by default outputs/atlas (TO)"),
    ("--scheduler", "the address of a Dask scheduler, tcp://HOST:PORT; by default one of its own (SCHEDULER)"),
)
ATLAS_VERIFY_OPTIONS = (
    ("--n", "how many packs, by default 20 (N)"),
    ("--seed", "which ones: the same number chooses the same, by default 1 (SEED)"),
    ("--release", "the release; by default the one that was made last (RELEASE)"),
    ("--to", "the folder of atlases; by default outputs/atlas (TO)"),
    ("--scheduler", "the address of a Dask scheduler, tcp://HOST:PORT; by default one of its own (SCHEDULER)"),
)
REISSUE_OPTIONS = (
    ("--reason", "why it is issued, in a sentence for the reader (REASON)"),
    ("--day", "the day that it is for, YYYY-MM-DD; by default that of the present edition (DAY)"),
)
# Options that stand for environment variables, which make passes on.
RUN_OPTIONS = {
    "--jobs": "how many processes run at once, by default one a core (JOBS)",
    "--engine": "fast: in forked processes; stock: each in an ordinary kernel of papermill's (ENGINE)",
}
EDITION_OPTION = {
    "--edition": f"{REVIEW}: with what is under embargo, for those who may see it, in a folder of its own (EDITION)"
}
OFFICE_HELP = (
    "the folder of an office, with its params, data, expectations and outputs; a relative one counts from the working "
    "folder. By default the office around the working folder (OFFICE)"
)
SEES_EMBARGOED = ("quarter", "live", "why", "lab")  # the commands that know the edition with embargoed figures
RUNS = ("quarter", "live", "reissue", "verify")  # the commands that run notebooks, and so take RUN_OPTIONS
JOBS_ALONE = ("atlas", "atlas-verify")  # and those that only say how many processes there are
COMMANDS: dict[str, tuple[Callable[..., int | None], tuple[tuple[str, str], ...]]] = {
    "quarter": (quarter, ONE_QUARTER),
    "live": (live, ONE_QUARTER),
    "why": (why, ONE_QUARTER),
    "validate": (validate, ONE_QUARTER),
    "check": (check, ONE_QUARTER),
    "receive": (receive, ONE_QUARTER),
    "request": (request, ONE_QUARTER),
    "new-quarter": (new_quarter, (*ONE_QUARTER, ("--from", "an earlier quarter to start from, across a gap (FROM)"))),
    "official-table": (official_table, (*ONE_QUARTER, ("--data", "the file of the official table (DATA)"))),
    "new-office": (new_office, NEW_OFFICE_OPTIONS),
    "comparators": (comparators, (("--data", "the files of the official table, with commas between them (DATA)"),)),
    "atlas": (atlas, ATLAS_OPTIONS),
    "atlas-verify": (atlas_verify, ATLAS_VERIFY_OPTIONS),
    "approve": (approve, (*ONE_QUARTER, ("--role", "who approves: a role, never a name"))),
    "reissue": (reissue, (*ONE_QUARTER, *REISSUE_OPTIONS)),
    "compare": (compare, (("earlier", QUARTER_HELP), ("later", QUARTER_HELP))),
    "verify": (verify, ONE_QUARTER),
    "lab": (lab, (*ONE_QUARTER, ("--args", "further arguments for JupyterLab, as --args=... (ARGS)"))),
}


def command_line() -> argparse.ArgumentParser:
    """Return the parser: a subcommand each, whose help is the docstring of its function."""
    parser = argparse.ArgumentParser(prog="panelpack", description="The quarterly panel pack, from data.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (function, arguments) in COMMANDS.items():
        words = function.__doc__ or ""
        subparser = commands.add_parser(name, help=words.splitlines()[0], description=words)
        for argument, about in arguments:
            # A label that is missing is an error of ours, which says what a label is; make gives an empty one.
            optional = {} if argument.startswith("--") else {"nargs": "?"}
            subparser.add_argument(argument, help=about, default="", **optional)  # type: ignore[arg-type]
        options = {option: about for option, about in RUN_OPTIONS.items() if name in RUNS}
        options |= {"--jobs": RUN_OPTIONS["--jobs"]} if name in JOBS_ALONE else {}
        options |= {**(EDITION_OPTION if name in SEES_EMBARGOED else {})}
        for option, about in {**options, "--office": OFFICE_HELP}.items():
            subparser.add_argument(option, help=about)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 a failure to mend, 2 a command typed wrongly."""
    given = vars(command_line().parse_args(arguments))
    command = given.pop("command")
    function, _ = COMMANDS[command]
    for option in (name.removeprefix("--") for name in (*RUN_OPTIONS, "--office", "--edition")):
        if value := given.pop(option, None):
            os.environ[option.upper()] = value
    project = None
    try:
        project = Project.here()
        if project.shows_embargoed and command not in SEES_EMBARGOED:
            raise UsageError(
                f"{EDITION}={REVIEW}: make {command} is of the pack for publication, expected one of "
                f"{', '.join(f'make {name}' for name in SEES_EMBARGOED)}. Type it without {EDITION}."
            )
        with own_surroundings(project.kept):
            code = function(project, *given.values()) or 0
        if code == AGAIN:
            os.execv(sys.executable, [sys.executable, "-m", "panelpack", *(arguments or sys.argv[1:])])
        return code
    except PanelPackError as error:
        print(f"panelpack: {for_terminal(str(error), project) if project else error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("panelpack: stopped. The last good outputs are untouched.", file=sys.stderr)
        return BROKEN_OFF


def _by_name(options: Sequence[tuple[str, str]], given: Sequence[str]) -> dict[str, str]:
    """Return what was given by the name that make knows it by."""
    names = (option.removeprefix("--").upper() for option, _ in options)
    return dict(zip(names, given, strict=True))


def _at_once(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def _settings() -> str | None:
    """Return which engine is asked for. Raises UsageError for a mistake in ENGINE or JOBS, before anything is said."""
    from panelpack.pipeline.scheduler import cores, engine_asked_for

    cores()
    return engine_asked_for()


def _hashes(project: Project, chosen: Quarter) -> "tuple[FileHashes, str]":
    """Return the files as they now are, and what the last run said if making the pack again would change nothing."""
    from panelpack.pipeline.records import FileHashes, last_words

    hashes = FileHashes(project, chosen)
    return hashes, "" if os.environ.get("ENGINE") == "stock" else last_words(hashes)


def _saying(project: Project) -> Callable[[str], None]:
    """Return what prints a line about an office at once."""
    return lambda line: print(for_terminal(line, project), flush=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # nothing is left to tidy, and to free all that was loaded takes a tenth of a second
