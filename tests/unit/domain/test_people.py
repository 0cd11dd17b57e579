"""NHS numbers and patients: valid from birth, and never shown by accident."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.domain.people import Identifier, NhsNumber, Patient, Sex
from plainrad.errors import NhsNumberError, ReportInvalidError

GOOD = ["9999999999", "9000000009", "9912003888", "9449305552"]
PLANTED = Patient(
    nhs_number=NhsNumber("9999999999"),
    identifiers=(Identifier("HOSP-4711", "RXX", "MR"),),
    family="Zebrawood",
    given=("Quill",),
    birth_date=date(1951, 2, 28),
    sex=Sex.FEMALE,
)


@pytest.mark.parametrize("written", [*GOOD, "999 999 9999", "999-999-9999", " 9000000009 "])
def test_a_number_with_the_right_check_digit_is_taken(written: str) -> None:
    assert NhsNumber.parse(written).value.isdigit()


@pytest.mark.parametrize(
    "written",
    [
        "",
        "999999999",
        "99999999999",
        "9991234567",  # its check digit would be 10
        "9999999998",
        "0000000000",  # passes modulus 11, but nobody was given it
        "1111111111" * 2,
        "٩٩٩٩٩٩٩٩٩٩",
        "5000000002",  # between the ranges
        "999999999x",
    ],
)
def test_anything_else_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(NhsNumberError) as caught:
        NhsNumber.parse(written)
    assert not written or written not in str(caught.value)


@given(st.integers(600_000_000, 799_999_999), st.integers(1, 9), st.integers(0, 9))
def test_no_single_wrong_digit_passes(first_nine: int, add: int, place: int) -> None:
    digits = f"{first_nine}"
    check = (11 - sum(int(one) * weight for one, weight in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
    if check == 10:
        return
    right = f"{digits}{check}"
    assert NhsNumber(right).value == right
    wrong = right[:place] + str((int(right[place]) + add) % 10) + right[place + 1 :]
    with pytest.raises(NhsNumberError):
        NhsNumber(wrong)


def test_nothing_that_identifies_is_printed() -> None:
    shown = repr(PLANTED) + str(PLANTED) + f"{PLANTED.nhs_number}" + repr(PLANTED.identifiers)
    for word in ("9999999999", "HOSP-4711", "Zebrawood", "Quill", "1951"):
        assert word not in shown


def test_it_is_displayed_in_three_groups() -> None:
    assert NhsNumber("9999999999").displayed == "999 999 9999"
    assert NhsNumber("9999999999").for_tests


def test_age_is_in_whole_years_and_changes_on_the_birthday() -> None:
    assert PLANTED.age_on(date(2026, 2, 27)) == 74
    assert PLANTED.age_on(date(2026, 2, 28)) == 75
    assert PLANTED.age_on(date(1950, 1, 1)) is None
    assert Patient().age_on(date(2026, 1, 1)) is None


def test_a_birth_before_1880_is_a_mistake() -> None:
    with pytest.raises(ReportInvalidError, match="birth_date"):
        Patient(birth_date=date(1066, 10, 14))
