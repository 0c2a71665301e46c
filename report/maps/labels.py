"""Words set upon a map: how small they may be, and what a sheet need not say at every place."""

import re
from typing import Final

from analysis.study import Study

LEAST_PT: Final = 7.0  # smaller letters cannot be read where a map lies on a table
_SIMULATED: Final = re.compile(r"\s*[（(]模拟[^（）()]*[）)]\s*$")


def label(study: Study, name: object) -> str:
    """Return a name as a map bears it.

    Without “(模拟)” at its end where the sheet's own notice says that the data are simulated;
    tables keep it.
    """
    text = str(name)
    return _SIMULATED.sub("", text) or text if "模拟" in study.description.notice else text
