"""The toy city, evaluated once for all tests of the browser face."""

import sys
from pathlib import Path

import pytest

from analysis.evaluation import Evaluation

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package; the toy is shared

from toy import toy_evaluation


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    return toy_evaluation()
