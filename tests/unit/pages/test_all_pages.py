"""What holds of every block of every page."""

import re
from collections import Counter

from page_blocks import cells, of_kind, tables, words_of
from panelpack.rendering.charts import Chart
from panelpack.rendering.prose import Heading, Text

from .conftest import EMBARGOED
