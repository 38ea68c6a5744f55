import pytest

from launchpad.errors import ImportRefusedError, InvalidValueError, UnknownRecordError
from launchpad.intake.label_maps import Renaming, read_label_map, renamed
from launchpad.intake.ratings import Ratings

HUMAN_AND_MODEL = Ratings(("1", "2", "3", "4"), ("human", "model"), (("4", "5"), ("5", "6"), ("0", "0"), (None, "-1")))


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "map.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_that_a_map_shifts_all_labels_at_once_and_counts_what_it_covers(written):
    maps = read_label_map(written("from-label,to-label\n5,4\n6,5\n"), "model")
    found, (covered,) = renamed(HUMAN_AND_MODEL, maps)
    assert found.labels == (("4", "4"), ("5", "5"), ("0", "0"), (None, "-1"))
    assert (covered.raters, covered.ratings, covered.mapped, covered.taken_out) == (("model",), 4, 2, 0)
    assert covered.unmapped == {"-1": 1, "0": 1}
    assert covered.share == 0.5


def test_that_a_map_names_its_rater_in_a_column_and_takes_labels_out(written):
    maps = read_label_map(written("rater,from,to\nmodel,5,4\nmodel,-1,\nhuman,0,none\n"))
    found, covered = renamed(HUMAN_AND_MODEL, maps)
    assert found.labels == (("4", "4"), ("5", "6"), ("none", "0"), (None, None))
    assert [(one.raters, one.mapped, one.taken_out) for one in covered] == [(("model",), 1, 1), (("human",), 1, 0)]


def test_that_a_map_for_everyone_renames_everyone(written):
    maps = read_label_map(written("from,to\n0,safe\n4,unsafe\n5,unsafe\n6,unsafe\n"))
    found, (covered,) = renamed(HUMAN_AND_MODEL, maps)
    assert found.labels[:3] == (("unsafe", "unsafe"), ("unsafe", "unsafe"), ("safe", "safe"))
    assert covered.ratings == 7
    assert covered.unmapped == {"-1": 1}


def test_that_a_map_which_shifts_a_scheme_must_say_whose(written):
    with pytest.raises(InvalidValueError, match=r"'5'.*--map RATER=FILE"):
        renamed(HUMAN_AND_MODEL, read_label_map(written("from,to\n5,4\n6,5\n")))
    renamed(HUMAN_AND_MODEL, read_label_map(written("from,to\n5,5\n6,5\n")))


def test_that_one_label_to_two_is_refused_and_said_twice_is_not(written):
    with pytest.raises(InvalidValueError, match=r"line 3: the label '5' is to become both '4' and '3'"):
        read_label_map(written("from,to\n5,4\n5,3\n"))
    assert read_label_map(written("from,to\n5,4\n5,4\n")) == (Renaming({"5": "4"}),)
    read_label_map(written("from,to,rater\n5,4,a\n5,3,b\n"))


def test_that_a_map_that_fits_nothing_is_refused_by_name(written):
    for text, said in (
        ("a,b\n1,2\n", "no label map.*a, b"),
        ("from,to\n,2\n", "line 2: there is no label to map from"),
    ):
        with pytest.raises(ImportRefusedError, match=said):
            read_label_map(written(text))
    with pytest.raises(InvalidValueError, match="says itself whose"):
        read_label_map(written("from,to,rater\n5,4,a\n"), "a")
    with pytest.raises(UnknownRecordError, match=r"eve.*human, model"):
        renamed(HUMAN_AND_MODEL, [Renaming({"5": "4"}, "eve")])
    for maps in ([Renaming({"5": "4"}, "model")] * 2, [Renaming({"5": "4"}), Renaming({"5": "4"}, "model")]):
        with pytest.raises(InvalidValueError, match="one rater"):
            renamed(HUMAN_AND_MODEL, maps)
    assert renamed(Ratings(("1",), ("a", "b"), ((None, None),)), [Renaming({"5": "4"})])[1][0].share is None
