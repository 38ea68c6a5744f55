"""policy agreement as a script and as a person use it."""

import pytest

approx = pytest.approx
KEYS = {"items", "raters", "level", "percent", "fleiss", "krippendorff", "ac1", "interval", "pairs", "per_label"}
SHIFT = "from-label,to-label\n5,4\n6,5\n"
WIDE = "item,ann,bob,eve\n1,2,2,2\n2,2,3,2\n3,1,1,\n4,3,3,3\n5,1,2,1\n6,3,3,\n"


@pytest.fixture
def table(tmp_path):
    def write(text, name="ratings.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_that_agreement_of_a_table_is_answered_in_json(launchpad, table):
    found = launchpad.json("policy", "agreement", "--ratings", table(WIDE), "--level", "ordinal", "--replicates", "500")
    assert set(found) == KEYS
    assert (found["items"], found["raters"], found["level"]) == (6, ["ann", "bob", "eve"], "ordinal")
    assert found["fleiss"] is None
    assert found["interval"]["low"] < found["krippendorff"] <= found["interval"]["high"]
    assert set(found["pairs"][0]) == {"a", "b", "n", "percent", "cohen", "linear", "quadratic"}
    assert [(row["label"], row["n"]) for row in found["per_label"]] == [("1", 4), ("2", 6), ("3", 6)]


def test_that_people_get_tables_with_intervals_and_why_something_is_not_defined(launchpad, table):
    code, out, err = launchpad("policy", "agreement", "--ratings", table(WIDE), "--level", "ordinal")
    assert (code, err) == (0, "")
    for words in (
        *("6 items, 3 raters: ann, bob, eve", "Krippendorff's alpha, ordinal", " to 1.000", "Quadratic"),
        *("not every item has the same number of ratings", "10,000 draws"),
    ):
        assert words in out
    assert launchpad("policy", "agreement", "--ratings", table(WIDE), "--quiet") == (0, "", "")


def test_that_the_published_ratings_agree_as_computed_elsewhere(launchpad, shared, table):
    """Do-Not-Answer (Wang et al. 2023): GPT-4 labelled with codes of its own until they are mapped."""
    ratings = ("policy", "agreement", "--ratings", str(shared / "reference" / "dna_ratings.csv"), "--replicates", "100")
    raw = launchpad.json(*ratings, "--raters", "human_action,gpt4_action_raw")
    assert raw["pairs"][0]["cohen"] == approx(0.845618, abs=1e-6)
    assert (raw["items"], raw["pairs"][0]["n"]) == (5634, 5634)
    mapping = f"gpt4_action_raw={table(SHIFT, 'map.csv')}"
    mapped = launchpad.json(*ratings, "--raters", "human_action,gpt4_action_raw", "--map", mapping)
    assert mapped["pairs"][0]["cohen"] == approx(0.886234, abs=1e-6)
    (covered,) = mapped["maps"]
    assert (covered["ratings"], covered["mapped"], covered["taken_out"]) == (5634, 228, 0)
    assert covered["unmapped"][0] == {"label": "-1", "n": 9}
    mapping = f"gpt4_action_raw={table(f'{SHIFT}-1,', 'map.csv')}"
    outed = launchpad.json(*ratings, "--raters", "human_action,gpt4_action_raw", "--map", mapping)
    assert (outed["pairs"][0]["n"], outed["pairs"][0]["cohen"]) == (5625, approx(0.888074, abs=1e-6))
    three = launchpad.json(*ratings, "--raters", "human_action,gpt4_action_mapped,longformer_action")
    assert three["fleiss"] == approx(0.842072, abs=1e-6)
    assert three["pairs"][1]["cohen"] == approx(0.854201, abs=1e-6)


def test_that_a_map_is_applied_and_its_coverage_said(launchpad, table):
    ratings = table("item,ann,bot\n1,4,5\n2,5,6\n3,0,0\n4,0,-1\n")
    mapping = table(SHIFT, "map.csv")
    code, out, _ = launchpad("policy", "agreement", "--ratings", ratings, "--map", f"bot={mapping}")
    assert code == 0
    assert "The label map for bot covers 50.0% of 4 ratings. Not in it, so left as they are: -1 (1), 0 (1)." in out
    code, _, err = launchpad("policy", "agreement", "--ratings", ratings, "--map", mapping)
    assert code == 3
    assert "--map RATER=FILE" in err


def test_that_lines_left_out_are_said_and_looked_at(launchpad, table):
    code, _, err = launchpad("policy", "agreement", "--ratings", table(WIDE + "7,1,1,1,1\n"))
    assert code == 1
    assert "line 8" in err


BAD = (
    (WIDE, ("--raters", "ann,zoe"), "no rater zoe"),
    (WIDE, ("--raters", "ann"), "one rater, ann"),
    ("item,a,b\n1,x,x\n2,x,x\n", (), "All 4 ratings are 'x'"),
    ("", (), "is empty"),
    ("item,a,b\n1,,\n2,,\n", (), "rated anything"),
    ("item,a,b\n1,x,y\n2,y,y\n", ("--level", "interval"), "a rated item 1 'x', which is no number"),
    ("item,a,b\n1,x,y\n2,y,y\n", ("--level", "ordinal"), "--order"),
)


@pytest.mark.parametrize(("text", "options", "said"), BAD)
def test_that_bad_ratings_are_refused_in_one_sentence(launchpad, table, text, options, said):
    code, out, err = launchpad("policy", "agreement", "--ratings", table(text), *options, "--json")
    assert code == 3
    assert said in err
    assert err.count("\n") == 1
    assert '"error"' in out


def test_that_a_project_or_a_table_is_asked_for(launchpad, table, project):
    assert launchpad("policy", "agreement")[0] == 2
    assert launchpad("policy", "agreement", project, "--ratings", table(WIDE))[0] == 2
    assert launchpad("policy", "agreement", "--ratings", table(WIDE), "--of", "style")[0] == 2
    assert launchpad("policy", "agreement", "--ratings", table(WIDE), "--level", "vague")[0] == 2


def test_that_the_labels_of_a_project_are_compared(launchpad, project):
    code, _, err = launchpad("policy", "agreement", project)
    assert code == 3
    assert "holds no labels yet" in err
    said = (("safe", "safe"), ("violates", "violates"), ("safe", "violates"), ("violates", "violates"))
    for number, labels in enumerate(said, start=1):
        launchpad.json("add", project, "example", f"code=E-{number}", "request=text")
        for rater, label in zip(("P-001", "P-002"), labels, strict=True):
            words = (f"example=E-{number}", f"rater={rater}", f"violation={label}", f"severity={number}")
            launchpad.json("add", project, "label", *words)
    found = launchpad.json("policy", "agreement", project)
    assert (found["items"], found["raters"]) == (4, ["P-001", "P-002"])
    assert found["pairs"][0]["cohen"] == approx(0.5)
    severity = launchpad.json("policy", "agreement", project, "--of", "severity", "--raters", "P-002,P-001")
    assert (severity["percent"], severity["raters"]) == (1, ["P-002", "P-001"])
    for raters, words in (("P-001,P-009", "no labels of rater P-009"), ("P-001", "two different raters")):
        code, _, err = launchpad("policy", "agreement", project, "--raters", raters)
        assert (code, words in err) == (3, True)
    assert launchpad("policy", "agreement", project, "--of", "style")[0] == 3
