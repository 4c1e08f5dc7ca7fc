"""The results of a quarter straight from its raw files, for who compares or checks: no notebook has to have run."""

from panelpack.config.configuration import Configuration
from panelpack.errors import about_plan
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.rehearsal import OF_DATA
from panelpack.indicators.results import IndicatorResult


def results_of_raw_files(office: Configuration) -> list[IndicatorResult]:
    """Return every result of a quarter. Raises ValidationFailed, as make validate says it, for data that do not pass.

    What Python itself says of a cell that is none of its kind would quote it, whatever table it is of.
    """
    with about_plan(office.project.plan(office.quarter)):
        try:
            return compute_every(data_of_raw_files(office))
        except OF_DATA:
            from panelpack.validation.raw_data import check_raw_data

            check_raw_data(office).stop_if_failed()
            raise  # the data are as they should be, so this is a defect of ours
