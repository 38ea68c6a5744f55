"""`launchpad launch`: a launch that follows an earlier one."""


def test_that_a_launch_follows_another(launchpad, project):
    launchpad.json("set", project, "launch", "L-1", "snapshot=rc1")
    answer = launchpad.json("launch", project, "Summer", "--from", "L-1", "--date", "2099-09-01", "--snapshot", "rc2")
    assert (answer["launch"], answer["baseline"], answer["model"], answer["snapshot"]) == (
        "L-2",
        "L-1",
        "Spring",
        "rc2",
    )
    assert (answer["launch_date"], answer["freeze_date"]) == ("2099-09-01", "2099-08-25")
    assert answer["copied"] == {"scenario": 1, "exposure": 1, "weight_set": 1}
    assert (answer["not_copied"], answer["evidence_judged_anew"]) == ({}, [])
    (row,) = launchpad.json("show", project, "scenario", "--launch", "L-2")["rows"]
    assert (row["code"], row["copied_from"]) == ("R-001", "L-1/R-001")
    (edit,) = launchpad.json("history", project, "--last", "1")["edits"]
    assert edit["label"] == "New launch Summer from L-1"
    launchpad.json("revert", project, edit["edit"])
    assert [one["code"] for one in launchpad.json("show", project, "launch")["rows"]] == ["L-1"]


def test_that_it_reads_as_sentences(launchpad, project):
    code, said, _ = launchpad("launch", project, "Summer", "--date", "2099-09-01", "--code", "L-S", "--model", "m-2")
    assert code == 0
    assert "L-S follows L-1: launch 2099-09-01, freeze 2099-08-25, figures as of 2" in said
    assert "Copied: 1 scenario, 1 exposure, 1 weight set." in said


def test_that_evidence_of_the_earlier_build_is_told_as_judged_anew(launchpad, project):
    table = launchpad.folder / "results.csv"
    table.write_text("task,metric,model,value,n,count\nfraud,asr,Spring,0.875,40,35\n")
    launchpad.json("import", project, str(table))
    launchpad.json("add", project, "evidence_link", "result=E-0001", "scenario=R-001")
    answer = launchpad.json("launch", project, "Other", "--date", "2099-09-01", "--model", "Autumn")
    (anew,) = answer["evidence_judged_anew"]
    assert (anew["snapshot_before"], anew["snapshot"]) == ("same", "different")
    assert anew["reason"] == "Snapshot different for L-2, same for L-1: It is of another model, Spring."
    _, said, _ = launchpad("launch", project, "Third", "--from", "L-1", "--date", "2099-09-01", "--model", "Autumn")
    assert "Evidence judged anew for the build that goes out" in said


def test_that_what_cannot_be_is_refused(launchpad, project):
    assert launchpad("launch", project, "Summer", "--date", "2001-01-01")[0] == 3
    assert launchpad("launch", project, "Summer", "--date", "2099-09-01", "--from", "L-7")[0] == 3
    assert launchpad("launch", project, "Summer")[0] == 2
    assert [one["code"] for one in launchpad.json("show", project, "launch")["rows"]] == ["L-1"]
