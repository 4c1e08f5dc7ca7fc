"""The notebooks of a quarter, each run where it must, with its pages made beside the next ones."""

from collections.abc import Callable, Sequence
from pathlib import Path

from panelpack.errors import PanelPackError
from panelpack.pipeline.cache import StepCache
from panelpack.pipeline.execute import STDERR, STOCK, run_step
from panelpack.pipeline.page_worker import PageWorker, write_failed_page, write_review_pages
from panelpack.pipeline.scheduler import Work, cores, run_steps
from panelpack.pipeline.steps import Outcome, Step
from panelpack.rendering.paper import Paper

MOST_LINES = 10  # of what a notebook wrote to stderr that are said; the number of the others is


class NotebookRun(Work):
    """A run of notebooks. After `execute` every step's notebook, pages and record lie in the cache's folder."""

    def __init__(
        self,
        cache: StepCache,
        worker: PageWorker,
        about: Paper,
        *,
        engine: str | None,
        say: Callable[[str], None],
        prepare: Callable[[Sequence[Step]], None] = lambda waiting: None,
    ):
        """Run nothing yet. `say` hears a line a step; `prepare` imports what the steps need that must run."""
        self._cache, self._worker, self._about = cache, worker, about
        self._engine, self._say, self._prepare = engine, say, prepare
        self._jobs = cores()
        self._paged: dict[str, Step] = {}  # the steps whose pages the worker makes in this run

    def execute(self, steps: Sequence[Step]) -> list[Outcome]:
        """Run the steps that must run, make and record all pages that must be made, and return what failed.

        Of a notebook that failed there is a web page of what there is of it. Pages of the others are made only where
        every notebook went well.
        """
        outcomes = run_steps(steps, self, self._cache.folder, jobs=self._jobs)
        failures = [outcome for outcome in outcomes if outcome.failure]
        for outcome in failures:
            executed = self._cache.executed(outcome.step)
            if executed.exists():
                about = self._about.called(outcome.step.title)
                self._worker.submit(outcome.step.name, write_failed_page, executed, about)
        if failures:
            self._worker.results()
            return failures
        for step in steps:
            self._make_pages(step)
        results = self._worker.results()
        unprintable = {str(name): str(error) for name, error in results.items() if isinstance(error, PanelPackError)}
        for name, step in self._paged.items():
            if name not in unprintable:
                self._cache.record_pages(step)
        self._say(f"{len(outcomes)} of {len(steps)} notebooks ran")
        return [Outcome(self._paged[name], 0.0, error) for name, error in unprintable.items()]

    def run(self, step: Step) -> None:
        """Execute and record a step, in its child."""
        folder, engine = self._cache.folder, self._engine
        self._cache.make(step, lambda step, tracker: run_step(step, folder, engine, tracker))

    def is_current(self, step: Step) -> bool:
        """Whether a step need not run; who asks for the stock engine wants every notebook run."""
        return self._engine != STOCK and self._cache.is_current(step)

    def prepare(self, waiting: Sequence[Step]) -> None:
        """Import what the steps that must run need, and look once which code they may run.

        Which of them must run is not known for certain: a step that waits may find its tables unchanged.
        """
        must_run = [step for step in waiting if not self.is_current(step)]
        self._prepare(must_run)
        for step in must_run:
            self._cache.code_of(step)

    def finished(self, outcome: Outcome) -> None:
        """Say how a step ended and what it wrote to stderr, and have its pages made while others run."""
        state = "FAILED" if outcome.failure else "done"
        self._say(f"{outcome.step.name:<18} {state:<6} {outcome.seconds:5.1f} s")
        for line in stderr_words(self._cache.executed(outcome.step).with_suffix(STDERR)):
            self._say(line)
        if self._jobs > 1 and not outcome.failure:
            self._make_pages(outcome.step)

    def _make_pages(self, step: Step) -> None:
        """Have a step's pages made, unless that was asked for or they are as they were."""
        if step.name not in self._paged and not self._cache.is_current(step, pages=True):
            self._paged[step.name] = step
            cache, about = self._cache, self._about.called(step.title)
            self._worker.submit(step.name, write_review_pages, cache.executed(step), cache.folder, about)


def stderr_words(path: Path) -> list[str]:
    """Return what a notebook wrote to stderr, in lines for the terminal; nothing where it wrote nothing."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if not lines:
        return []
    more = len(lines) - MOST_LINES
    shown = [f"  {line}" for line in lines[:MOST_LINES]]
    return ["  It wrote to stderr, which no copy of it keeps:", *shown, *([f"  and {more} more lines"] * (more > 0))]
