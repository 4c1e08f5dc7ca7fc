"""Runs of a quarter in a copy of the project, as a person starts them, and the changes that are measured."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from panelpack import bench_project, commentary, evidence, fingerprints
from panelpack.project import Project
from panelpack.quarters import Quarter

_RAN = re.compile(r"^(\S+) +done", re.MULTILINE)
_STAGE = re.compile(r"^notebooks +([\d.]+) s", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of make quarter: seconds, the largest process' memory in MB, what ran, the notebook stage's seconds."""

    seconds: float
    peak_mb: float
    ran: tuple[str, ...]
    stage: float


def imported() -> float:
    """Return the seconds that a new Python takes to import pandas and seaborn: the speed of the machine."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import pandas, seaborn"], check=True)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


@dataclass(frozen=True)
class Bench:
    """A copy of the project, and how to run the quarter in it."""

    project: Project
    quarter: Quarter

    def make(self, **settings: str) -> Run:
        """Run make quarter as a person does."""
        command = ["make", "quarter", f"Q={self.quarter}"]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=self.project.root, stdout=output, stderr=output, env=os.environ | settings
            )
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            said = output.read()
        if process.returncode:
            raise RuntimeError(f"make quarter failed in {self.project.root}:\n{said}")
        stage = _STAGE.search(said)
        return Run(seconds, used.ru_maxrss / 1024, tuple(_RAN.findall(said)), float(stage[1]) if stage else 0.0)

    def fresh(self, **settings: str) -> Run:
        """Run it with nothing kept of earlier runs."""
        subprocess.run(["rm", "-rf", str(self.project.processed(self.quarter))], check=True)
        return self.make(**settings)

    def follow(self, rounds: int) -> list[float]:
        """Run make live, edit the commentary `rounds` times, and return the seconds from each edit to the new pack."""
        record, seconds = fingerprints.folder(self.project, self.quarter) / "pack.json", []
        command = ["make", "live", f"Q={self.quarter}"]
        process = subprocess.Popen(
            command, cwd=self.project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            process.stdout.readline()
            for _ in range(rounds):
                before, started = record.stat().st_mtime_ns, time.perf_counter()
                self.edit_commentary()
                while record.stat().st_mtime_ns == before:
                    time.sleep(0.01)
                seconds.append(time.perf_counter() - started)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate()
        return seconds

    def edit_commentary(self) -> None:
        """Add a word to the first numbered paragraph of the second update."""
        plan = evidence.configuration(self.project, self.quarter)[0]
        path = self.project.commentary(self.quarter)
        written = commentary.read(path, plan)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        place = written.of_update(plan.updates[1].id)[0].line - 1
        lines[place] = f"Indeed {lines[place]}"
        path.write_text("".join(lines), encoding="utf-8")

    def edit_raw(self) -> tuple[str, set[str]]:
        """Add one to a figure of the table that the fewest priorities read; return it, and all that must then run."""
        plan = evidence.configuration(self.project, self.quarter)[0]
        folder = fingerprints.folder(self.project, self.quarter)
        records = {path.stem: fingerprints.read_record(path) for path in folder.glob("*.json")}
        series = self.project.processed(self.quarter).relative_to(self.project.root).as_posix() + "/series"
        readers = {
            name: {step for step, record in records.items() if f"{series}/{name}.csv" in record.reads}
            for name, table in plan.tables.items()
            if table.file.endswith(".csv") and "count" in table.columns.values()
        }
        priorities = {name: sum(step.startswith("3_") for step in found) for name, found in readers.items()}
        name = min((name for name, number in priorities.items() if number), key=priorities.get)
        bench_project.add_one(self.project.raw(self.quarter) / plan.tables[name].file, plan.tables[name])
        bench_project.receive(self.project, self.quarter)
        return name, readers[name] - {"pack"}
