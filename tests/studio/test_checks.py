"""Each check: what it finds in a bad example, and that the good one passes.

The good example is the package of `drawing.GOOD`; each bad one differs from it in one thing. Order
and ids of elements are changed too, so that no guard-rail hangs on them.
"""

from __future__ import annotations

import pytest

from app.studio.checks import CHECKS
from app.studio.localities import Package
from app.studio.report import check
from app.studio.subject import Surroundings
from tests.studio.drawing import (
    APPROVE,
    CLOCKED,
    DEADLINE,
    ESCALATION,
    FIELDS,
    GOOD,
    LAW,
    NOTICE,
    NOW,
    PATH,
    PAY,
    PUBLICITY,
    PUBLISH,
    RESULTS,
    VERIFY,
    both,
    call,
    codes,
    decisions,
    diagram,
    either,
    element,
    end,
    flows,
    form,
    inside,
    literal,
    made,
    main,
    report,
    rule,
    start,
    table,
    timer,
    user,
)

MAIN = "processes/here/main.bpmn"
LAWS = "processes/statutes/law.toml"
TABLES = "dmn/here/basic.dmn"
CASES = "dmn/here/basic.cases.csv"
SCENARIOS = "processes/here/main.scenarios.yaml"


def test_good_package_passes_every_check() -> None:
    found = report(made({}, {}))
    assert [note.finding.message for note in found.notes if note.finding.severity != "info"] == []
    assert found.ok
    assert (found.examples, found.scenarios, found.coverage) == (1, 1, {"main": (5, 5)})


def test_every_check_says_what_it_demands_and_shows_both_sides() -> None:
    assert len({one.id for one in CHECKS}) == len(CHECKS)
    for one in CHECKS:
        assert all([one.sentence, one.because, one.good, one.bad]), one.id


def timed(*two: str) -> Package:
    """The good package with a guard-rail about a clock and two steps before the publication."""
    names = " > ".join(part.split('id="')[1].split('"')[0] for part in two)
    diagram = main(start(), VERIFY, APPROVE, *two, PUBLISH, end(),
                   flows(f"begin > verify > approve > {names} > publish > done"))  # fmt: skip
    files = {LAWS: (LAW + CLOCKED).encode(), MAIN: diagram.files[MAIN]}
    return made({SCENARIOS: None}, files)


def closing(*parts: str) -> Package:
    """The good package with guard-rails about results and a path that ends by closing the case."""
    more = [part for part in parts if " > " in part]
    steps = [part for part in parts if part not in more]
    names = [part.split('id="')[1].split('"')[0] for part in steps]
    path = " > ".join(["begin", *names, "finish", "done"])
    files = {
        LAWS: (LAW + RESULTS).encode(),
        MAIN: diagram(start(), *steps, call("finish", "case.close", outcome="relieved"), end(),
                      flows("\n".join([path, *more]))),
    }  # fmt: skip
    return made({SCENARIOS: None}, files)


def temporary(days: str) -> Package:
    """The good package with a row that rests on a clause whose measures are temporary."""
    guard = '[[guards]]\nid = "G22"\nkind = "dated"\nsentence = "须有起止"\nclause = "law.1"\nrows = ["law.1"]\n'
    rows = table("area", ["today()"], ["level"], f"{days} => 1")
    rows = rows.replace("<rule", '<annotation name="条款"/><rule', 1)
    rows = rows.replace("</rule>", "<annotationEntry><text>law.1</text></annotationEntry></rule>")
    return made({}, {LAWS: (LAW + guard).encode(), "dmn/here/area.dmn": decisions(rows)})


RECORD = b"""
id = "slip_sheet"
kind = "record"
title = "\xe5\x8f\x91\xe6\x94\xbe\xe5\x8d\x95"
fields = ["amount"]
issued_by = ["nobody"]
[[parts]]
kind = "facts"
fields = ["amount"]
"""
LEDGER = b"""
id = "payments"
query = "payments"
group = "report"
title = "x"
columns = ["applicant_id_number"]
"""


def asked(condition: str) -> Package:
    """The good package with a question after the verification and a way around the approval."""
    verify = element(
        "userTask", "verify", "现场核实", inside='<zeebe:formDefinition formId="slip"/>'
        '<zeebe:assignmentDefinition candidateGroups="township_handler"/>', outputs={"method": "=method"},
    )  # fmt: skip
    return main(start(), verify, either("ask", "f_ask_done"), APPROVE, PAY, PUBLISH, end(),
                flows(f"begin > verify > ask > done\napprove > pay > publish > done\nask > approve if {condition}"))  # fmt: skip


MEANS = user("asked", "家庭经济状况核对")

BAD: dict[str, tuple[str, Package, tuple[str, str]]] = {
    "service that is not in the catalogue": (
        "executable",
        main(start(), VERIFY, call("odd", "no.such"), end(), flows("begin > verify > odd > done")),
        ("unknown_call", "odd"),
    ),
    "way that does not end": (
        "sound",
        main(start(), VERIFY, flows("begin > verify")),
        ("no_way_out", "verify"),
    ),
    "choice joined as if both came": (
        "sound",
        main(start(), either("ask", "f_ask_verify"), VERIFY, APPROVE, both("join"), end(),
             flows("begin > ask > verify > join > done\nask > approve if slow\napprove > join")),
        ("starving_join", "join"),
    ),
    "broken form": ("forms", made({}, {"forms/here/slip.form": b"{"}), ("", "")),
    "form id used twice": (
        "forms",
        made({}, {"forms/here/other.form": form("slip", "x")}),
        ("duplicate_form", "slip"),
    ),
    "broken table": (
        "tables",
        made({}, {TABLES: decisions(DEADLINE, ESCALATION, FIELDS, PUBLICITY, literal("bad", "1 +"))}),
        ("", "bad"),
    ),
    "two rows for one case": (
        "tables",
        made({}, {"dmn/here/t.dmn": decisions(table("t", ["x"], ["y"], "<= 10 => 1", ">= 10 => 2"))}),
        ("overlap", "t_r2"),
    ),
    "record issued by a role nobody knows": (
        "papers",
        made({}, {"forms/here/slip_sheet.paper.toml": RECORD}),
        ("unknown_role", "slip_sheet"),
    ),
    "ledger with a column that is not declared": (
        "ledgers",
        made({}, {"forms/here/payments.ledger.toml": LEDGER}),
        ("bad_ledger", ""),
    ),
    "ledger with a clause nobody has": (
        "ledgers",
        made(
            {},
            {
                "forms/here/payments.ledger.toml": LEDGER.replace(
                    b"applicant_id_number", b"amount"
                ).replace(b"columns", b'clauses = ["law.9"]\ncolumns')
            },
        ),
        ("unknown_clause", "payments"),
    ),
    "notice with a private field": (
        "papers",
        made({}, {"forms/here/notice.paper.toml": NOTICE.replace("amount", "applicant_name").encode()}),
        ("G20", "notice"),
    ),
    "notice without a table of fields": (
        "papers",
        made({}, {TABLES: decisions(DEADLINE, ESCALATION, PUBLICITY)}),
        ("no_publicity_fields", ""),
    ),
    "call without an argument": (
        "complete",
        main(start(), VERIFY, APPROVE, call("pay", "payment.pay", amount="=1"), PUBLISH, end(), flows(PATH)),
        ("missing_argument", "pay"),
    ),
    "call with an unknown argument": (
        "complete",
        main(start(), VERIFY, APPROVE, PAY, call("publish", "notice.publish", paper="notice", where="墙"), end(), flows(PATH)),
        ("unknown_argument", "publish"),
    ),
    "paper that is not there": (
        "complete",
        main(start(), VERIFY, APPROVE, PAY, call("publish", "notice.publish", paper='="gone"'), end(), flows(PATH)),
        ("unknown_paper", "publish"),
    ),
    "paper of the wrong kind": (
        "complete",
        main(start(), VERIFY, APPROVE, PAY, PUBLISH, call("letter", "letter.issue", paper="notice"), end(),
             flows("begin > verify > approve > pay > publish > letter > done")),
        ("wrong_paper", "letter"),
    ),
    "slip that is not there": (
        "complete",
        main(start(), VERIFY, APPROVE, call("pay", "payment.pay", amount="=1", source="x", slip="gone"), PUBLISH, end(), flows(PATH)),
        ("unknown_form", "pay"),
    ),
    "fact that the form does not ask": (
        "complete",
        main(start(form="slip", facts="method,gone"), VERIFY, APPROVE, PAY, PUBLISH, end(), flows(PATH)),
        ("unknown_fact", "begin"),
    ),
    "name looked for in a question that is not asked": (
        "complete",
        main(start(), VERIFY, user("approve", "审批", "township_approver", not_done_by="verify", not_named_in="slip.gone"),
             PAY, PUBLISH, end(), flows(PATH)),
        ("unknown_question", "approve"),
    ),
    "clock without a limit": (
        "clocks",
        main(start(), call("tick", "clock.start", key="other"), VERIFY, APPROVE, PAY, PUBLISH, end(),
             flows("begin > tick > verify > approve > pay > publish > done")),
        ("no_deadline", "tick"),
    ),
    "clock that nothing starts": (
        "clocks",
        main(start(), user("verify", "现场核实", clock="first"), APPROVE, PAY, PUBLISH, end(), flows(PATH)),
        ("clock_not_started", "verify"),
    ),
    "text compared with a number": (
        "compared",
        asked("method = 3"),
        ("never_equal", "f_ask_approve"),
    ),
    "clause that is not on file": (
        "clauses",
        main(start(), user("verify", "现场核实", clause="law.1, law.2"), APPROVE, PAY, PUBLISH, end(), flows(PATH)),
        ("unknown_clause", "verify"),
    ),
    "clause without its words": (
        "clauses",
        made({}, {LAWS: LAW.replace("发放应当公布。", "").encode()}),
        ("bad_statute", "law.1"),
    ),
    "guard-rail without its clause": (
        "clauses",
        made({}, {LAWS: LAW.replace('clause = "law.1"', 'clause = "law.9"').encode()}),
        ("bad_statute", "G05"),
    ),
    "statute file that is not TOML": ("clauses", made({}, {LAWS: b"= 3"}), ("bad_statute", "")),
    "means check before payment, by label": (
        "not_before",
        main(start(), VERIFY, MEANS, APPROVE, PAY, PUBLISH, end(),
             flows("begin > verify > asked > approve > pay > publish > done")),
        ("G05", "asked"),
    ),
    "means check before payment, by step, with other ids": (
        "not_before",
        main(end("z"), PUBLISH, PAY, APPROVE, user("x9", "看一看", step="means_check"), VERIFY, start("a"),
             flows("x9 > approve > pay > publish > z\na > verify > x9")),
        ("G05", "x9"),
    ),
    "publication before payment": (
        "not_before",
        main(start(), VERIFY, APPROVE, call("early", "notice.publish", paper="notice"), PAY, PUBLISH, end(),
             flows("begin > verify > approve > early > pay > publish > done")),
        ("G05", "early"),
    ),
    "payment before the clock": (
        "preceded_by",
        timed(PAY, call("tick", "clock.start", key="first")),
        ("G01", "pay"),
    ),
    "another clock before the payment": (
        "preceded_by",
        timed(call("tick", "clock.start", key="other"), PAY),
        ("G01", "pay"),
    ),
    "refusal without a letter": (
        "preceded_by",
        closing(call("close", "case.close", outcome="refused")),
        ("G17", "close"),
    ),
    "way that ends without a result": (
        "every_way",
        closing(either("ask", "f_ask_tell"), user("tell", "答复"), "ask > done"),
        ("G18", "done"),
    ),
    "temporary measure without an end": (
        "dated",
        temporary('>= date("2026-07-01")'),
        ("G22", ""),
    ),
    "payment without publication": (
        "followed_by",
        main(start(), VERIFY, APPROVE, PAY, end(), flows("begin > verify > approve > pay > done")),
        ("G14", "pay"),
    ),
    "one way past the publication": (
        "followed_by",
        main(start(), VERIFY, APPROVE, PAY, either("ask", "f_ask_done"), PUBLISH, end(),
             flows("begin > verify > approve > pay > ask > done\nask > publish if wanted\npublish > done")),
        ("G14", "pay"),
    ),
    "table that lets cash go unpublished": (
        "answers",
        made({}, {TABLES: decisions(DEADLINE, ESCALATION, FIELDS, table("publicity", ["method"], ["owed"], "- => false"))}),
        ("G14", "publicity"),
    ),
    "approval that keeps apart from nobody": (
        "separated",
        main(start(), VERIFY, user("approve", "审批", "township_approver"), PAY, PUBLISH, end(), flows(PATH)),
        ("G16", "approve"),
    ),
    "approval that forgets the second investigator": (
        "separated",
        main(start(), VERIFY, user("again", "入户再核实"), APPROVE, PAY, PUBLISH, end(),
             flows("begin > verify > again > approve > pay > publish > done")),
        ("G16", "approve"),
    ),
    "example that answers otherwise": (
        "examples",
        made({CASES: b'decision,in.key,out.amount\ndeadline,"""first""",25\n'}, {}),
        ("example_failed", ""),
    ),
    "scenario that goes otherwise": (
        "scenarios",
        made({SCENARIOS: "process: main\nscenarios: [{name: 错, expect: {end: done}}]".encode()}, {}),
        ("scenario_failed", "错"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_example_is_found(name: str) -> None:
    check_id, package, (code, element_id) = BAD[name]
    found = codes(package, check_id)
    assert any(code in ("", one) and element_id in ("", where) for one, where in found), found
    assert not report(package).ok


def test_every_check_has_a_bad_example_here() -> None:
    on_the_shipped_packages = {
        *("in_order", "after_answer", "unreachable_when", "longest_time", "not_longer"),
        *("asks", "carries", "heeds"),
    }  # in test_guards.py, each with a lawful neighbour
    elsewhere = {"people", "unset", "timers"} | on_the_shipped_packages
    assert {check_id for check_id, _, _ in BAD.values()} | elsewhere == {one.id for one in CHECKS}


def test_gap_of_a_table_is_shown_and_its_closing_is_enough() -> None:
    def tables(*rules: str) -> Package:
        return made({}, {"dmn/here/t.dmn": decisions(table("t", ["x"], ["y"], *rules))})

    assert codes(tables("< 10 => 1", "> 10 => 2"), "tables", "warning") == [("gap", "t")]
    assert codes(tables("< 10 => 1", ">= 10 => 2"), "tables", "warning") == []


def test_role_nobody_holds_is_shown_only_when_people_are_known() -> None:
    package = made({}, {})
    held = Surroundings(now=NOW, held_roles={"township_handler"})
    found = [n.finding for n in check(package, held).notes if n.check == "people"]
    assert [(one.code, one.severity, one.place.element_id) for one in found] == [
        ("role_without_people", "warning", "approve")
    ]
    assert codes(package, "people", "warning") == []


def test_guard_speaks_only_of_its_routes() -> None:
    parts = (start(), VERIFY, MEANS, APPROVE, PAY, PUBLISH, end())
    path = flows("begin > verify > asked > approve > pay > publish > done")
    assert codes(main(*parts, path, route="expenditure"), "not_before") == []
    assert codes(main(*parts, path, route="emergency"), "not_before") == [("G05", "asked")]


def test_payment_after_its_clock_passes() -> None:
    assert codes(timed(call("tick", "clock.start", key="first"), PAY), "preceded_by") == []


def test_refusal_with_its_letter_and_ways_that_all_close_pass() -> None:
    letter = call("letter", "letter.issue", paper="notice")
    package = closing(letter, call("close", "case.close", outcome="refused"))
    assert codes(package, "preceded_by") == codes(package, "every_way") == []


def test_temporary_measure_with_both_ends_passes() -> None:
    assert codes(temporary('[date("2026-07-01")..date("2026-07-31")]'), "dated") == []


def test_forbidden_step_after_the_payment_passes() -> None:
    package = main(start(), VERIFY, APPROVE, PAY, MEANS, PUBLISH, end(),
                   flows("begin > verify > approve > pay > asked > publish > done"))  # fmt: skip
    assert codes(package, "not_before") == []


def test_forbidden_step_on_a_way_without_payment_passes() -> None:
    package = main(start(), VERIFY, either("ask", "f_ask_approve"), MEANS, end("other"), APPROVE, PAY, PUBLISH, end(),
                   flows("begin > verify > ask > approve > pay > publish > done\nask > asked if slow\nasked > other"))  # fmt: skip
    assert codes(package, "not_before") == []


def test_publication_beside_other_work_is_enough() -> None:
    package = main(start(), VERIFY, APPROVE, PAY, both("split"), PUBLISH, user("book", "补登"), both("join"), end(),
                   flows("begin > verify > approve > pay > split > publish > join > done\nsplit > book > join"))  # fmt: skip
    assert codes(package, "followed_by") == []


def test_table_of_the_guard_may_excuse_the_publication() -> None:
    parts = (
        start(),
        VERIFY,
        APPROVE,
        PAY,
        rule("judge", "publicity", "owed"),
        either("ask", "f_ask_done"),
        PUBLISH,
        end(),
    )
    way = "begin > verify > approve > pay > judge > ask > done\npublish > done\n"
    assert codes(main(*parts, flows(way + "ask > publish if owed")), "followed_by") == []
    assert codes(main(*parts, flows(way + "ask > publish if mood")), "followed_by") == [
        ("G14", "pay")
    ]


def test_approval_after_which_nothing_is_paid_is_no_approval_of_aid() -> None:
    package = main(start(), VERIFY, APPROVE, PAY, PUBLISH, user("later", "事后处理", "township_approver"), end(),
                   flows("begin > verify > approve > pay > publish > later > done"))  # fmt: skip
    assert codes(package, "separated") == []


def test_message_quotes_the_clause() -> None:
    _, package, _ = BAD["payment without publication"]
    (finding,) = [n.finding for n in report(package).notes if n.check == "followed_by"]
    assert "示范〔2018〕1号一「发放应当公布。」" in finding.message


def test_ended_clause_is_shown_with_all_who_cite_it() -> None:
    law = LAW.replace('force = "H"', 'force = "H"\nvalid_to = 2026-03-01', 1).encode()
    parts = (
        start(),
        user("verify", "现场核实", clause="law.1"),
        APPROVE,
        PAY,
        PUBLISH,
        end(),
        flows(PATH),
    )
    package = main(*parts)
    package = made({SCENARIOS: None}, {LAWS: law, MAIN: package.files[MAIN]})
    assert codes(package, "clauses", "warning") == [("clause_ended", "verify")]
    (told,) = [n.finding.message for n in report(package).notes if n.finding.code == "clause_ended"]
    for who in ("的“现场核实”", "护栏 G05", "护栏 G14", "护栏 G16", "护栏 G20"):
        assert who in told
    law = law.replace(b"2026-03-01", b"2026-03-02")
    assert (
        codes(made({SCENARIOS: None}, {LAWS: law, MAIN: package.files[MAIN]}), "clauses", "warning")
        == []
    )


def test_choice_that_is_offered_passes_and_one_that_is_not_never_comes() -> None:
    choice = b'{"type": "default", "id": "slip", "name": "slip", "schemaVersion": 19, "components": [{"type": "radio", "key": "method", "label": "m", "id": "c_m", "values": [{"label": "a", "value": "cash"}, {"label": "b", "value": "bank"}]}]}'
    for value, found in (("cash", []), ("check", [("never_equal", "f_ask_approve")])):
        package = asked(f'method = "{value}"')
        package = made({SCENARIOS: None}, {**package.files, "forms/here/slip.form": choice})
        assert codes(package, "compared") == found


def test_fact_that_one_way_leaves_open_is_shown_with_that_way() -> None:
    tell = element("scriptTask", "tell", "记下", inside='<zeebe:script expression="=true" resultVariable="slow"/>')  # fmt: skip
    parts = (start(), VERIFY, either("ask", "f_ask_last"), tell, either("last", "f_last_done"), APPROVE, PAY, PUBLISH, end())  # fmt: skip
    way = "begin > verify > ask > last > done\nask > tell if 1 = 1\ntell > last\napprove > pay > publish > done\n"
    (finding,) = [
        n.finding
        for n in report(main(*parts, flows(way + "last > approve if slow"))).notes
        if n.check == "unset"
    ]
    assert (finding.severity, finding.place.element_id) == ("warning", "f_last_approve")
    assert [one.element_id for one in finding.path][-3:] == ["ask", "f_ask_last", "last"]
    careful = main(*parts, flows(way + "last > approve if slow != null and slow"))
    assert codes(careful, "unset", "warning") == []


def waiting(kind: str, text: str) -> Package:
    """The good package that waits for a moment before the publication."""
    more = (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )
    wait = element("intermediateCatchEvent", "wait", "等到那天", more=more)
    return main(start(), VERIFY, APPROVE, PAY, wait, PUBLISH, end(),
                flows("begin > verify > approve > pay > wait > publish > done"))  # fmt: skip


def test_moment_that_is_over_and_wait_for_nothing_are_shown() -> None:
    over = [("timer_over", "wait")]
    assert codes(waiting("timeDate", "2026-03-01T00:00:00+08:00"), "timers", "warning") == over
    assert codes(waiting("timeDuration", "PT0S"), "timers", "warning") == over
    assert codes(waiting("timeDate", "2026-03-03T00:00:00+08:00"), "timers", "warning") == []
    assert codes(waiting("timeDuration", "P1D"), "timers", "warning") == []


def test_timer_beside_what_never_waits_is_shown() -> None:
    def beside(*inner: str, way: str) -> Package:
        box = inside("box", start("in"), *inner, end("out"), flows(way))
        return main(start(), VERIFY, APPROVE, PAY, box, timer("late", "box"), PUBLISH, end(),
                    flows("begin > verify > approve > pay > box > publish > done\nlate > publish"))  # fmt: skip

    quick = beside(
        call("say", "message.send", role="township_handler", text="好"), way="in > say > out"
    )
    assert codes(quick, "timers", "warning") == [("timer_never", "late")]
    slow = beside(user("see", "查看"), way="in > see > out")
    assert codes(slow, "timers", "warning") == []


def test_step_before_its_clock_is_shown() -> None:
    verify = user("verify", "现场核实", clock="first")
    tick = call("tick", "clock.start", key="first")
    late = main(start(), verify, tick, APPROVE, PAY, PUBLISH, end(),
                flows("begin > verify > tick > approve > pay > publish > done"))  # fmt: skip
    assert codes(late, "clocks", "warning") == [("clock_not_running", "verify")]
    early = main(start(), tick, verify, APPROVE, PAY, PUBLISH, end(),
                 flows("begin > tick > verify > approve > pay > publish > done"))  # fmt: skip
    assert codes(early, "clocks", "warning") == []


def test_flows_without_a_scenario_are_counted() -> None:
    package = made({SCENARIOS: None}, {})
    assert codes(package, "scenarios", "warning") == [("flow_not_walked", "f_approve_pay")]
    assert report(package).coverage == {"main": (0, 5)}


def test_broken_files_are_findings_of_one_report() -> None:
    broken = {path: b"\x00\xff<" for path in GOOD if not path.endswith("locality.toml")}
    found = report(made({CASES: b"\xff", SCENARIOS: b"{"}, broken))
    assert not found.ok
    files = {note.finding.place.file for note in found.notes}
    assert {MAIN, TABLES, LAWS, "forms/here/slip.form", CASES} <= files


@pytest.mark.parametrize(
    "bound", ['{ owed = "x" }', "{ owed = nan }", "{ owed = [1] }", "{ gone = 1 }"]
)
def test_bound_that_can_not_be_compared_is_broken_not_passed(bound: str) -> None:
    law = LAW.replace("wants = { owed = true }", f"at_most = {bound}")
    assert codes(made({}, {LAWS: law.encode()}), "answers") == [("G14", "publicity")]


def test_guard_of_unknown_severity_still_refuses() -> None:
    law = LAW.replace('kind = "separated"', 'kind = "separated"\nseverity = "fatal"').encode()
    package = main(
        start(),
        VERIFY,
        user("approve", "审批", "township_approver"),
        PAY,
        PUBLISH,
        end(),
        flows(PATH),
    )
    found = made({SCENARIOS: None}, {LAWS: law, MAIN: package.files[MAIN]})
    assert codes(found, "separated") == [("G16", "approve")]
    assert ("bad_statute", "G16") in codes(found, "clauses")
