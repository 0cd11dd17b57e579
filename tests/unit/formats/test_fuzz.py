"""Whatever is thrown at the three parsers, it is read or refused: a few hundred of the inputs of `make fuzz`, and what it found."""

import random
import warnings

import pytest
from pydicom.dataset import Dataset

from plainrad.errors import DicomInvalidError, PatientMismatchError
from plainrad.formats.dicom.read import read_file
from plainrad.formats.fhir.entries import read_batch
from tests.support.dicom import sr
from tests.support.fhir import bundle, patient, uk_report
from tests.support.fuzzing import PARSERS


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("parser", sorted(PARSERS))
def test_it_is_read_or_refused(parser: str, seed: int) -> None:
    make, judge = PARSERS[parser]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(25):
            judge(make(random.Random(seed * 1_000_003 + number)))


def test_a_kind_of_resource_that_there_is_not_is_refused_by_itself() -> None:
    sent = bundle(uk_report(), patient(resourceType="A" * 300), kind="batch")
    one, other = read_batch(sent)
    assert one.received is not None
    assert other.error is not None


def test_a_name_with_several_values_is_refused() -> None:
    def twice(made: Dataset) -> None:
        made.VerifyingObserverSequence[0].VerifyingObserverName = ["Reader^R", "Other^O"]

    with pytest.raises(DicomInvalidError, match="several values"):
        read_file(sr(change=twice))

    def two(made: Dataset) -> None:
        made.PatientName = ["Testpatient^Alex", "Another^Kim"]

    with pytest.raises(PatientMismatchError):
        read_file(sr(change=two))
