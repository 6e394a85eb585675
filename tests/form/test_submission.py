"""From flat HTML names and from JSON to nested raw answers; row buttons; limits of one request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.form import UploadedFile, limits
from app.form.submission import split_path
from tests.form.factory import NOW, answer, field, form, group, rows

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
PAPER = UploadedFile("sha1", "照片.png", 1000, PNG)
HOUSE = form(
    group(field("textfield", "one")),
    rows(
        field("textfield", "name"),
        field(
            "checklist",
            "help",
            values=[{"label": "甲", "value": "x"}, {"label": "乙", "value": "y"}],
        ),
    ),
    field("filepicker", "photos", multiple=True),
    field("checkbox", "agreed"),
)


def test_names_become_nested_answers():
    sent = HOUSE.parse(
        [
            ("one", "1"),
            ("members[0].name", "张"),
            ("members[0].help", "x"),
            ("members[0].help", "y"),
            ("members[2].name", "李"),
        ],
        {"photos": PAPER},
    )
    assert sent.raw == {
        "one": "1",
        "members": [{"name": "张", "help": ["x", "y"]}, {"name": "李", "help": []}],
        "photos": [PAPER],
        "agreed": "",
    }


def test_control_names_are_no_answers():
    sent = HOUSE.parse([("csrf_token", "x"), ("_whatever", "x"), ("_add", "members")])
    assert (sent.action, sent.target, sent.unknown) == ("_add", "members", ())


@pytest.mark.parametrize(
    "name",
    [
        "two",
        "one.x",
        "members.name",
        "members[0]x",
        "members[1000].name",
        "one[0]",
        "a" * 300,
        "members[100].name",
        "",
    ],
)
def test_unknown_names_change_nothing(name):
    sent = HOUSE.parse([(name, "x")])
    assert sent.raw == HOUSE.parse([]).raw
    assert sent.unknown == (name[: limits.MAX_PATH],)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=10)), max_size=20))
def test_any_names_are_survived(pairs):
    answer(HOUSE, *pairs)


def test_path_length_below_at_above():
    for count in (limits.MAX_PATH - 1, limits.MAX_PATH, limits.MAX_PATH + 1):
        assert (split_path("a" * count) is not None) is (count <= limits.MAX_PATH)


def test_file_name_below_at_above():
    for count in (limits.MAX_FILE_NAME - 1, limits.MAX_FILE_NAME, limits.MAX_FILE_NAME + 1):
        kept = UploadedFile("r", "字" * count, 1, PNG).kept()["name"]
        assert len(kept) == min(count, limits.MAX_FILE_NAME)


def test_pairs_below_at_above():
    for count, kept in (
        (limits.MAX_PAIRS - 2, "z"),
        (limits.MAX_PAIRS - 1, "z"),
        (limits.MAX_PAIRS, ""),
    ):
        assert HOUSE.parse([("x", "")] * count + [("one", "z")]).raw["one"] == kept


def test_rows_below_at_above():
    for at, count in ((limits.MAX_ROWS - 2, 1), (limits.MAX_ROWS - 1, 1), (limits.MAX_ROWS, 0)):
        assert len(HOUSE.parse([(f"members[{at}].name", "x")]).raw["members"]) == count


def test_names_that_miss_the_row_change_nothing():
    for name in ("members.name", "members[100]", "members[999]"):
        assert HOUSE.parse([(name, ""), ("members[0].name", "张")]).raw["members"] == [
            {"name": "张", "help": []}
        ]


def test_blank_rows_at_the_end_are_dropped_on_sending_only():
    pairs = [
        ("members[0]", ""),
        ("members[0].name", ""),
        ("members[1].name", "李"),
        ("members[2].name", ""),
    ]
    assert len(HOUSE.parse(pairs).raw["members"]) == 2
    assert len(HOUSE.parse([*pairs, ("_refresh", "1")]).raw["members"]) == 3


def test_the_least_number_of_rows_stays():
    one = form(rows(field("textfield", "name"), properties={"min_rows": 2}))
    assert (
        len(
            one.parse(
                [("members[0].name", ""), ("members[1].name", ""), ("members[2].name", "")]
            ).raw["members"]
        )
        == 2
    )


def test_a_row_is_added_with_its_fixed_defaults():
    one = form(rows(field("textfield", "name"), field("textfield", "kin", defaultValue="本人")))
    after = one.after_action(one.parse([("members[0].name", "张"), ("_add", "members")]))
    assert after.raw["members"] == [{"name": "张", "kin": ""}, {"name": "", "kin": "本人"}]


def test_no_row_is_added_beyond_the_most():
    one = form(rows(field("textfield", "name"), properties={"max_rows": 1}))
    after = one.after_action(one.parse([("members[0].name", "张"), ("_add", "members")]))
    assert len(after.raw["members"]) == 1


def test_a_row_is_removed_and_the_others_stay():
    sent = HOUSE.parse(
        [("members[0].name", "张"), ("members[1].name", "李"), ("_remove", "members[0]")]
    )
    assert [row["name"] for row in HOUSE.after_action(sent).raw["members"]] == ["李"]


@pytest.mark.parametrize(
    "target", ["members[9]", "nothing", "one", "members[0].name", "", "[[", "members[x]"]
)
def test_a_wrong_target_changes_nothing(target):
    for action in ("_add", "_remove"):
        sent = HOUSE.parse([("members[0].name", "张"), (action, target)])
        assert HOUSE.after_action(sent).raw == sent.raw


def test_rows_inside_rows():
    one = form(rows(field("textfield", "name"), rows(field("number", "amount"), key="incomes")))
    sent = one.parse(
        [
            ("members[0].name", "张"),
            ("members[0].incomes[0].amount", "1"),
            ("_add", "members[0].incomes"),
        ]
    )
    after = one.after_action(sent)
    assert [len(row["incomes"]) for row in after.raw["members"]] == [2]
    gone = one.after_action(
        one.parse([("members[0].incomes[0].amount", "1"), ("_remove", "members[0].incomes[0]")])
    )
    assert gone.raw["members"][0]["incomes"] == []


def test_a_paper_is_kept_by_its_reference_only_when_known():
    known = {"photos": [{"ref": "sha1", "name": "照片.png", "type": "image/png", "size": 1000}]}
    assert answer(HOUSE, ("photos", "sha1"), so_far=known).values["photos"] == known["photos"]
    assert "重新上传" in answer(HOUSE, ("photos", "sha1")).problems[0].message


def test_json_cannot_bring_a_paper_of_its_own():
    sent = HOUSE.parse_json({"photos": [{"ref": "other", "name": "x.png", "size": 1}]})
    assert not HOUSE.validate(sent, context={}, now=NOW).ok


def test_a_paper_is_removed():
    sent = HOUSE.parse([("photos", "sha1"), ("photos", "sha2"), ("_remove", "photos[0]")])
    assert HOUSE.after_action(sent).raw["photos"] == [{"ref": "sha2"}]


def test_json_means_the_same_as_html():
    html = HOUSE.parse(
        [("one", "1"), ("agreed", "true"), ("members[0].name", "张"), ("members[0].help", "x")]
    )
    sent = HOUSE.parse_json(
        {"one": "1", "agreed": True, "members": [{"name": "张", "help": ["x"]}]}
    )
    assert sent.raw == html.raw
    assert not sent.problems


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ([], ""),
        ({"two": 1}, "two"),
        ({"one": ["x"]}, "one"),
        ({"one": {"x": 1}}, "one"),
        ({"one": 1.5}, "one"),
        ({"members": {}}, "members"),
        ({"members": ["x"]}, "members[0]"),
        ({"members": [{"age": 1}]}, "members[0].age"),
        ({"members": [{}] * (limits.MAX_ROWS + 1)}, "members"),
    ],
)
def test_json_of_another_shape_is_refused(sent, key):
    assert [one.key for one in HOUSE.parse_json(sent).problems] == [key]


def test_values_can_be_shown_again():
    sent = HOUSE.parse(
        [("one", "1"), ("members[0].name", "张"), ("members[0].help", "y"), ("agreed", "true")]
    )
    values = HOUSE.validate(sent, context={}, now=NOW).values
    assert HOUSE.fill(values).raw == sent.raw
