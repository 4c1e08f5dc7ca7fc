"""All queries of a quarter of the made-up office: names, order, dates, targets, remarks, files that are gone."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
import yaml

from panelpack.config.configuration import Configuration
from panelpack.config.plan import SupplierFile
from panelpack.config.sources import load_sources
from panelpack.intake.received import ReceivedTable, Remark
from panelpack.periods import Quarter
from panelpack.plausibility.dates import months_in_name
from panelpack.plausibility.panel import read_panel
from panelpack.plausibility.queries import find_queries
from panelpack.plausibility.query import Query
from unit_support import received_tables
