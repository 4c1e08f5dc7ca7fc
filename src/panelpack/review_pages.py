"""The pages of a run's notebooks, made by the press as the notebooks are done, where they are not as they were."""

from collections.abc import Iterable

from panelpack.errors import PanelPackError
from panelpack.kept import Kept
from panelpack.paper import Paper
from panelpack.press import Press
from panelpack.runner import Outcome, Step


class ReviewPages:
    """The pages of a run's notebooks: what is sent to the press, and what came of it."""

    def __init__(self, kept: Kept, press: Press, about: Paper):
        """Nothing is sent yet."""
        self._kept, self._press, self._about = kept, press, about
        self._sent: dict[str, Step] = {}

    def make(self, step: Step) -> None:
        """Have a step's pages made, unless they were sent for or are as they were."""
        if step.name not in self._sent and not self._kept.as_it_was(step, pages=True):
            self._sent[step.name] = step
            self._press.send(step.name, "pages.review", self._kept.executed(step), self._kept.folder, self._about)

    def finish(self, steps: Iterable[Step]) -> list[Outcome]:
        """Have made what is still to be made of steps, wait, record it, and return what could not be made."""
        for step in steps:
            self.make(step)
        failures = []
        for name, failure in self._press.results().items():
            if isinstance(failure, PanelPackError):
                failures.append(Outcome(self._sent[name], 0.0, str(failure)))
            elif name in self._sent:
                self._kept.record_pages(self._sent[name])
        return failures

    def of_failed(self, steps: Iterable[Step]) -> None:
        """Have what there is of failed notebooks made into web pages, and wait."""
        for step in steps:
            if self._kept.executed(step).exists():
                self._press.send(step.name, "pages.failed", self._kept.executed(step), self._about)
        self._press.results()
