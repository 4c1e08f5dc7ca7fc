"""The command line: parse, call, and turn an expected failure into one line and an exit code."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from panelpack.errors import PanelPackError, UsageError
from panelpack.project import Project

BROKEN_OFF = 130
PAIRS = ("approve", "compare")  # the commands of two subjects


def quarter(label: str) -> None:
    """Make the panel pack of a quarter."""
    project = Project.here()
    chosen = project.quarter(label)
    print(f"Panel pack {chosen}: {chosen.words}", flush=True)
    from panelpack import fingerprints, runner

    runner.cores()
    contents = fingerprints.Contents(project, chosen)
    if said := "" if runner.stock() else fingerprints.said(contents):
        print("Nothing changed since it was made.")
    else:
        from panelpack.press import Press

        with Press() as press:  # it loads what pages need while this process loads what notebooks need
            from panelpack import warm

            said = warm.make(contents, press)
    outputs = project.outputs(chosen).relative_to(project.root)
    print(f"\n{said}")
    for path in ("pack/panel-pack.html", "pack/panel-pack.pdf", "review/index.html", "manifest.json"):
        print(f"  {outputs}/{path}")


def live(label: str) -> None:
    """Make the panel pack of a quarter again whenever an input is saved, until stopped."""
    project = Project.here()
    chosen = project.quarter(label)
    from panelpack import fingerprints, runner

    runner.cores()
    contents = fingerprints.Contents(project, chosen)
    from panelpack import live

    live.follow(project, chosen, contents)


def why(label: str) -> None:
    """Say what would run for a quarter's pack, and which input makes it so."""
    project = Project.here()
    chosen = project.quarter(label)
    from panelpack import pack

    for line in pack.why(project, chosen):
        print(line)


def verify(label: str) -> int:
    """Rerun a quarter and compare it with its manifest: 0 reproduced, 1 differs, 2 could not run."""
    project = Project.here()
    chosen = project.quarter(label)
    print(f"Verifying {chosen}: every notebook again, each in a fresh kernel", flush=True)
    from panelpack.press import Press

    with Press() as press:
        from panelpack import warm

        verified = warm.verify(project, chosen, press)
    from panelpack import certificate

    print(f"\n{certificate.path(project, chosen).relative_to(project.root)}\n{verified.line}")
    return verified.exit_code


def compare(earlier: str, later: str) -> None:
    """Set two quarters side by side: figures, verdicts, restated history."""
    project = Project.here()
    for name, label in (("A", earlier), ("B", later)):
        if not label:
            raise UsageError(f"{name} is missing: expected two quarters. Type make compare A=YYYYQn B=YYYYQn.")
    chosen = [project.quarter(label) for label in (earlier, later)]
    from panelpack import comparison

    print(comparison.compare(project, *chosen).relative_to(project.root))


def approve(label: str, role: str) -> None:
    """Record that a role approves the pack of a quarter as its manifest describes it, and mark the pack."""
    project = Project.here()
    chosen = project.quarter(label)
    from panelpack import approving

    print(approving.approve(project, chosen, role))
    quarter(label)


def validate(label: str) -> None:
    """Check a quarter's raw data only."""
    project = Project.here()
    chosen = project.quarter(label)
    from panelpack import raw_checks

    checked = raw_checks.run(str(chosen))
    raw_checks.stop_if_failed(checked)
    print(f"The raw data of {chosen} passed {len(checked.checks)} checks of {len(checked.plan.tables)} tables.")


def receive(label: str) -> None:
    """Record the checksums of a quarter's raw files in its sources.yml."""
    project = Project.here()
    chosen = project.quarter(label)
    from panelpack import receiving

    for line in receiving.receive(project.raw(chosen)):
        print(line)


def new_quarter(label: str) -> None:
    """Prepare folders and parameters for a quarter that has none."""
    from panelpack import receiving

    for line in receiving.new_quarter(Project.here(), label):
        print(line)


def backtest(path: str) -> None:
    """Measure the methods of projection on the official table of recorded crime."""
    project = Project.here()
    table = "the Home Office's police force area table, csv, csv.gz or xlsx"
    if not path:
        raise UsageError(f"DATA is missing: expected {table}. Type make backtest DATA=FILE.")
    if not Path(path).is_file():
        raise UsageError(f"DATA={path!r}: there is no such file, expected {table}. Correct the path.")
    from panelpack import backtest_page

    outputs = project.root / "outputs" / "backtest"
    backtest_page.write(Path(path), project.root / "data" / "projection", outputs)
    for name in ("index.html", *(f"{table}.csv" for table in backtest_page.backtest.TABLES)):
        print((outputs / name).relative_to(project.root))


def schema(_: str) -> None:
    """Write the JSON Schemas of the configuration."""
    from panelpack import schemas

    for path in schemas.write(Project.here()):
        print(f"wrote params/{path.name}")


def check(_: str) -> None:
    """Lint, notebook hygiene, schemas, and figures typed into the commentary."""
    from panelpack import checks

    checks.run(Project.here())


COMMANDS: dict[str, Callable[..., int | None]] = {
    "quarter": quarter,
    "live": live,
    "why": why,
    "verify": verify,
    "approve": approve,
    "compare": compare,
    "validate": validate,
    "receive": receive,
    "new-quarter": new_quarter,
    "backtest": backtest,
    "schema": schema,
    "check": check,
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 a failure to mend, 2 a command typed wrongly."""
    parser = argparse.ArgumentParser(prog="panelpack", description="The quarterly panel pack, from data.")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("subject", nargs="?", default="", help="a quarter label, YYYYQn; for backtest, a table")
    parser.add_argument("second", nargs="?", default="", help="for approve, the role; for compare, the later quarter")
    chosen = parser.parse_args(arguments)
    try:
        given = (chosen.subject, chosen.second) if chosen.command in PAIRS else (chosen.subject,)
        return COMMANDS[chosen.command](*given) or 0
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("panelpack: stopped. The last good outputs are untouched.", file=sys.stderr)
        return BROKEN_OFF


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # nothing is left to tidy, and to free all that was loaded takes a tenth of a second
