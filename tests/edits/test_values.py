import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.edits.values import check, checked, format_value, parse
from launchpad.errors import InvalidValueError
from launchpad.records import RECORDS, Effect, Estimate, Exposure, Launch, Scenario, field_of, fields_of


def declared(record, name):
    found = field_of(record, name)
    assert found is not None
    return found


OPPORTUNITIES = declared(Exposure, "opportunities")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("100,1000,5000", Estimate(100.0, 1000.0, 5000.0, "assumed")),
        ("3; 5; 9; elicited", Estimate(3.0, 5.0, 9.0, "elicited")),
        ("7", Estimate(7.0, 7.0, 7.0, "assumed")),
        ("1e2, 1 000, 5'000, Measured", Estimate(100.0, 1000.0, 5000.0, "measured")),
    ],
)
def test_that_an_estimate_is_three_points_or_one_certain_number(words, value):
    assert parse(OPPORTUNITIES, words) == value


@pytest.mark.parametrize("words", ["5,3,9", "1,2", "1,2,3,guessed", "-1,2,3", "0,2,3", "nan,1,2", "a", "1,2,3,4"])
def test_that_an_estimate_out_of_order_or_range_is_refused(words):
    with pytest.raises(InvalidValueError, match="Opportunities"):
        parse(OPPORTUNITIES, words)


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("rollout", "25%", 0.25),
        ("rollout", " 1 ", 1.0),
        ("start_day", "3.0", 3),
        ("end_day", "", None),
        ("unit", "Campaign of several tries", "campaign"),
        ("unit", "ATTEMPT", "attempt"),
    ],
)
def test_that_words_become_values_of_the_declared_type(name, words, value):
    found = parse(declared(Exposure, name), words)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("record", "name", "words"),
    [
        (Exposure, "rollout", "1.2"),
        (Exposure, "rollout", "inf"),
        (Exposure, "start_day", "1.5"),
        (Exposure, "start_day", ""),
        (Exposure, "unit", "weekly"),
        (Launch, "launch_date", "31.12.2026"),
        (Scenario, "catastrophic", "maybe"),
        (Scenario, "name", "a\0b"),
        (Scenario, "name", "\ud800"),
        (Launch, "seed", "1e300"),
    ],
)
def test_that_words_which_do_not_fit_are_refused_with_the_name_of_the_field(record, name, words):
    field = declared(record, name)
    with pytest.raises(InvalidValueError, match=field.label) as refused:
        parse(field, words)
    assert refused.value.hint


def test_that_a_record_is_checked_field_by_field_and_whole_numbers_become_floats():
    exposure = Exposure(id=1, launch=2, scenario=3, opportunities=Estimate(1, 2, 3), rollout=1)
    assert type(checked(exposure).rollout) is float
    assert type(checked(exposure).opportunities.low) is float
    with pytest.raises(InvalidValueError, match="Rollout share"):
        checked(Exposure(id=1, launch=2, scenario=3, opportunities=Estimate(1, 2, 3), rollout=3.0))


@given(st.tuples(*[st.floats(1e-9, 1e9)] * 3), st.sampled_from(["measured", "elicited", "assumed"]))
def test_that_an_estimate_survives_being_written_and_read(points, kind):
    low, median, high = sorted(points)
    value = parse(OPPORTUNITIES, format_value(OPPORTUNITIES, Estimate(low, median, high, kind)))
    assert isinstance(value, Estimate)
    assert (value.low, value.median, value.high) == pytest.approx((low, median, high), rel=1e-14)


@given(st.floats(-1, 1))
def test_that_a_number_survives_being_written_and_read(number):
    field = declared(Effect, "degraded")
    assert parse(field, format_value(field, number)) == pytest.approx(number, rel=1e-14)


def test_that_every_declared_default_passes_its_own_check():
    for record in RECORDS:
        for field in fields_of(record):
            default = record.__dataclass_fields__[field.name].default
            if isinstance(default, str | int | float | bool | Estimate):
                assert check(field, default) == default, (record, field.name)


def test_that_every_field_has_a_label_and_a_choice_a_help():
    for record in RECORDS:
        for field in fields_of(record):
            assert field.label
            assert field.label[0].isupper() or not field.label[0].isalpha()
            if field.choices:
                assert field.help, (record, field.name)
