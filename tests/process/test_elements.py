"""What a token does at each kind of element. Saving and lint are tested elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from app.kernel.errors import ModelError, Stale
from app.process import Engine, Run
from tests.process.drawing import (
    NOW,
    activity,
    begin,
    catch,
    definition,
    do,
    draw,
    end,
    flow,
    flows,
    guard,
    inc,
    library,
    open_ids,
    par,
    path,
    scope,
    script,
    service,
    start,
    sub,
    throw,
    timer_definition,
    user,
    whole,
    xor,
)


def choice(default: str = "g_c") -> bytes:
    return draw(
        start(), user("a", outputs={"x": "=x"}), xor("g", default), user("b"), user("c"), end(),
        flows("s > a > g", "b > e", "c > e"), flow("g", "b", "=x <= 3000"),
        flow("g", "c", "" if default else "=x > 5000"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "taken"), [("2999.99", "b"), ("3000.00", "b"), ("3000.01", "c")]
)
def test_exclusive_gateway_takes_the_first_true_flow_else_the_default(
    amount: str, taken: str
) -> None:
    run, _ = begin(choice())
    do(run, "a", x=Decimal(amount))
    assert open_ids(run) == [taken]


def test_null_condition_counts_as_false_and_stops_without_default() -> None:
    run, _ = begin(choice(default=""))
    step = do(run, "a", x=None)
    assert [i.code for i in step.incidents] == ["no_flow"]
    assert step.incidents[0].element_id == "g"
    assert "没有的事实" in step.incidents[0].message
    assert not run.waiting
    assert not run.ended


def test_null_condition_takes_the_default() -> None:
    run, _ = begin(choice())
    do(run, "a", x=None)
    assert open_ids(run) == ["c"]


def test_condition_that_is_no_boolean_stops() -> None:
    data = draw(
        start(),
        xor("g", "g_e"),
        user("b"),
        end(),
        flows("s > g > e", "b > e"),
        flow("g", "b", '="yes"'),
    )
    run, step = begin(data)
    assert [i.code for i in step.incidents] == ["expression_error"]
    assert run.incidents == step.incidents


def test_user_task_without_outputs_merges_nothing() -> None:
    run, _ = begin(draw(start(), user("a"), end(), flows("s > a > e")), {"k": "v"})
    step = do(run, "a", secret="x")
    assert dict(run.facts) == {"k": "v"}
    assert step.ended
    assert step.end_element_id == "e"


def test_output_sees_facts_and_answers_and_the_answer_wins() -> None:
    task = user("a", outputs={"sum": "=x + y", "x": "=x"})
    run, _ = begin(draw(start(), task, end(), flows("s > a > e")), {"x": 1, "y": 10})
    do(run, "a", x=5)
    assert run.facts["sum"] == 15
    assert run.facts["x"] == 5


def test_opened_item_carries_what_the_diagram_says() -> None:
    task = user(
        "a", inputs={"shown": "=amount * 2"}, due='=date and time("2026-04-08T10:00:00+08:00")'
    )
    _, step = begin(draw(start(), task, end(), flows("s > a > e")), {"amount": Decimal("1.10")})
    (item,) = step.opened
    assert item.inputs == {"shown": Decimal("2.20")}
    assert item.role == "township_handler"
    assert item.due_at is not None
    assert item.due_at.isoformat() == "2026-04-08T02:00:00+00:00"


def test_due_date_without_time_ends_at_midnight_in_shanghai() -> None:
    _, step = begin(draw(start(), user("a", due="2026-04-08"), end(), flows("s > a > e")))
    assert step.opened[0].due_at is not None
    assert step.opened[0].due_at.isoformat() == "2026-04-08T16:00:00+00:00"


def test_call_is_asked_once_and_its_outputs_are_taken() -> None:
    data = draw(
        start(), service("pay", inputs={"amount": "=amount"}, outputs={"voucher": "=voucher_no"}),
        end(), flows("s > pay > e"),
    )  # fmt: skip
    run, step = begin(data, {"amount": Decimal("300.00")})
    (call,) = step.calls
    assert (call.type, call.inputs) == ("payment.pay", {"amount": Decimal("300.00")})
    assert run.calls == step.calls
    done = run.answer(call.token, {"voucher_no": "V1", "balance": 3}, now=NOW)
    assert done.ended
    assert dict(run.facts) == {"amount": Decimal("300.00"), "voucher": "V1"}


def test_call_without_outputs_fills_its_result_variable() -> None:
    run, step = begin(draw(start(), service("pay", result="paid"), end(), flows("s > pay > e")))
    run.answer(step.calls[0].token, {"no": "V1"}, now=NOW)
    assert run.facts["paid"] == {"no": "V1"}


def test_failed_output_keeps_the_answer_for_retry() -> None:
    task = service("pay", outputs={"n": "=count(for i in 1..no return i)"})
    run, step = begin(draw(start(), task, end(), flows("s > pay > e")))
    stopped = run.answer(step.calls[0].token, {"no": 1_000_000}, now=NOW)
    assert [i.code for i in stopped.incidents] == ["expression_error"]
    assert not run.calls
    assert dict(run.facts) == {}
    again = run.retry(stopped.incidents[0].token, now=NOW)
    assert [i.code for i in again.incidents] == ["expression_error"]
    assert not run.ended


def test_script_context_is_merged_entry_by_entry() -> None:
    run, _ = begin(
        draw(start(), script("x", "={a: n + 1, b: {c: 2}}"), end(), flows("s > x > e")), {"n": 1}
    )
    assert dict(run.facts) == {"n": 1, "a": 2, "b": {"c": 2}}


def test_script_result_variable_takes_the_value() -> None:
    run, _ = begin(draw(start(), script("x", "=1 + 1", "two"), end(), flows("s > x > e")))
    assert dict(run.facts) == {"two": 2}


def test_script_without_value_stops() -> None:
    run, step = begin(draw(start(), script("x", "=missing", "two"), end(), flows("s > x > e")))
    assert step.incidents[0].code == "expression_error"
    assert not run.ended


def test_parallel_join_waits_for_every_flow_and_last_writer_wins() -> None:
    data = draw(
        start(), par("g"), user("a", outputs={"who": '="a"', "list": "=[1,2,3]"}),
        user("b", outputs={"who": '="b"', "list": "=[4]"}), par("j"), end(),
        flows("s > g > a > j > e", "g > b > j"),
    )  # fmt: skip
    run, _ = begin(data)
    assert open_ids(run) == ["a", "b"]
    assert not do(run, "a").ended
    assert do(run, "b").ended
    assert run.facts["who"] == "b"
    assert run.facts["list"] == [4]


def test_parallel_join_counts_flows_not_arrivals() -> None:
    data = draw(
        start(), par("g"), user("a"), user("b"), user("c"), xor("m"), par("j"), end(),
        flows("s > g > a > m > j > e", "g > b > m", "g > c > j"),
    )  # fmt: skip
    run, _ = begin(data)
    do(run, "a")
    do(run, "b")
    assert not run.ended
    step = do(run, "c")
    assert "e" in path(step)
    assert step.incidents[0].code == "dead_end"


def test_dead_end_is_told() -> None:
    data = draw(
        start(), xor("g", "g_b"), user("a"), user("b"), par("j"), end(),
        flows("s > g", "a > j > e", "b > j", "g > b"), flow("g", "a", "=false"),
    )  # fmt: skip
    run, _ = begin(data)
    step = do(run, "b")
    assert [(i.code, i.element_id) for i in step.incidents] == [("dead_end", "j")]


@pytest.mark.parametrize(
    ("x", "y", "opened"),
    [(True, True, ["a", "b"]), (True, False, ["a"]), (False, False, ["c"])],
)
def test_inclusive_gateway_joins_what_it_split(x: bool, y: bool, opened: list[str]) -> None:
    data = draw(
        start(), inc("g", "g_c"), user("a"), user("b"), user("c"), inc("j"), end(),
        flow("g", "a", "=x"), flow("g", "b", "=y"), flows("s > g > c > j > e", "a > j", "b > j"),
    )  # fmt: skip
    run, _ = begin(data, {"x": x, "y": y})
    assert open_ids(run) == opened
    for number, name in enumerate(opened, 1):
        assert do(run, name).ended is (number == len(opened))


def test_inclusive_join_waits_for_a_direct_and_a_long_way() -> None:
    data = draw(
        start(), inc("g"), user("a"), user("b"), inc("j"), end(),
        flow("g", "a", "=true"), flow("g", "j", "=true"), flows("s > g", "a > b > j > e"),
    )  # fmt: skip
    run, _ = begin(data)
    assert not do(run, "a").ended
    assert do(run, "b").ended


def test_subprocess_shares_facts_and_ends_before_going_on() -> None:
    inner = sub("sp", start("s2"), user("a", outputs={"n": "=1"}), end("e2"), flows("s2 > a > e2"))
    run, _ = begin(draw(start(), inner, user("b"), end(), flows("s > sp > b > e")))
    step = do(run, "a")
    assert run.facts["n"] == 1
    assert path(step) == ["a", "e2", "sp"]
    assert do(run, "b").end_element_id == "e"


def called(**flags: str) -> bytes:
    return whole(
        scope(start(), activity("c", "q", **flags), user("b"), end(), flows("s > c > b > e")),  # type: ignore[arg-type]
        scope(
            start("s2"),
            user("a", outputs={"n": "=n + 1"}),
            end("e2"),
            flows("s2 > a > e2"),
            process="q",
        ),
    )


def test_called_process_gets_and_returns_all_facts_by_default() -> None:
    run, _ = begin(called(), {"n": 1, "k": 2})
    assert run.waiting[0].process_id == "q"
    do(run, "a")
    assert dict(run.facts) == {"n": 2, "k": 2}


def test_called_process_keeps_its_facts_when_told() -> None:
    run, _ = begin(called(propagateAllChildVariables="false"), {"n": 1})
    do(run, "a")
    assert dict(run.facts) == {"n": 1}


def test_called_process_maps_in_and_out() -> None:
    data = whole(
        scope(
            start(), activity("c", "q", {"n": "=m * 10"}, {"r": "=n"}, propagateAllParentVariables="false"),
            end(), flows("s > c > e"),
        ),
        scope(start("s2"), user("a", outputs={"n": "=n + 1"}), end("e2"), flows("s2 > a > e2"), process="q"),
    )  # fmt: skip
    run, _ = begin(data, {"m": 3})
    do(run, "a")
    assert dict(run.facts) == {"m": 3, "r": 31}


def test_timer_is_frozen_on_arrival_and_fires_when_due() -> None:
    data = draw(
        start(),
        catch("t", timer_definition(timeDuration="PT24H")),
        user("a"),
        end(),
        flows("s > t > a > e"),
    )
    run, step = begin(data)
    (timer,) = step.timers_set
    assert timer.due_at == NOW + timedelta(hours=24)
    with pytest.raises(Stale):
        run.fire(timer.token, now=NOW + timedelta(hours=23, minutes=59))
    fired = run.fire(timer.token, now=NOW + timedelta(hours=24))
    assert fired.timers_cleared == (timer.token,)
    assert open_ids(run) == ["a"]


@pytest.mark.parametrize(
    ("form", "text", "due"),
    [
        ("timeDate", "2026-04-08T10:00:00+08:00", "2026-04-08T02:00:00+00:00"),
        ("timeDate", "2026-04-08T10:00:00", "2026-04-08T02:00:00+00:00"),
        ("timeDate", '=date and time("2026-04-08T10:00:00+08:00")', "2026-04-08T02:00:00+00:00"),
        ("timeDate", '=date("2026-04-08")', "2026-04-07T16:00:00+00:00"),
        ("timeDuration", "P5D", "2026-04-12T02:05:00+00:00"),
        ("timeDuration", "P1M", "2026-05-07T02:05:00+00:00"),
        ("timeDuration", '=duration("PT" + string(hours) + "H")', "2026-04-08T02:05:00+00:00"),
    ],
)
def test_timer_due(form: str, text: str, due: str) -> None:
    data = draw(start(), catch("t", timer_definition(**{form: text})), end(), flows("s > t > e"))
    _, step = begin(data, {"hours": 24})
    assert step.timers_set[0].due_at.isoformat() == due


@pytest.mark.parametrize("text", ["=hours", "=null", '=duration("-PT1H")', '=duration("P9999Y")'])
def test_timer_without_due_date_stops(text: str) -> None:
    data = draw(start(), catch("t", timer_definition(timeDuration=text)), end(), flows("s > t > e"))
    run, step = begin(data, {"hours": 24})
    assert [i.code for i in step.incidents] == ["expression_error"]
    again = run.retry(step.incidents[0].token, now=NOW)
    assert [i.code for i in again.incidents] == ["expression_error"]


def guarded(cancel: bool, **form: str) -> bytes:
    return draw(
        start(), user("a"), guard("t", "a", timer_definition(**form), cancel=cancel), user("late"),
        end(), end("e2"), flows("s > a > e", "t > late > e2"),
    )  # fmt: skip


def test_interrupting_timer_closes_the_work_item() -> None:
    run, step = begin(guarded(True, timeDuration="PT1H"))
    fired = run.fire(step.timers_set[0].token, now=NOW + timedelta(hours=1))
    assert fired.closed == (step.opened[0].token,)
    assert open_ids(run) == ["late"]
    assert do(run, "late").end_element_id == "e2"


def test_work_done_in_time_clears_the_timer() -> None:
    run, step = begin(guarded(True, timeDuration="PT1H"))
    done = do(run, "a")
    assert done.timers_cleared == (step.timers_set[0].token,)
    assert done.ended
    with pytest.raises(Stale):
        run.fire(step.timers_set[0].token, now=NOW + timedelta(hours=1))


def test_reminder_repeats_as_often_as_it_says() -> None:
    run, step = begin(guarded(False, timeCycle="R3/PT1H"))
    dues = []
    for _ in range(3):
        (timer,) = run.timers
        dues.append((timer.due_at - NOW) / timedelta(hours=1))
        run.fire(timer.token, now=NOW + timedelta(hours=9))
    assert dues == [1, 2, 3]
    assert not run.timers
    assert open_ids(run) == ["a", "late", "late", "late"]
    assert step.timers_set[0].element_id == "t"


def test_single_reminder_fires_once() -> None:
    run, step = begin(guarded(False, timeDuration="PT1H"))
    run.fire(step.timers_set[0].token, now=NOW + timedelta(hours=1))
    assert not run.timers
    do(run, "a")
    assert open_ids(run) == ["late"]


def test_message_resumes_the_event_that_waits_for_it() -> None:
    event = catch("m", definition("message:m_paper"), outputs={"no": "=number"})
    run, _ = begin(draw(start(), event, end(), flows("s > m > e")))
    assert [w.message for w in run.messages] == ["paper"]
    with pytest.raises(Stale):
        run.send("other", {}, now=NOW)
    assert run.send("paper", {"number": "7"}, now=NOW).ended
    assert dict(run.facts) == {"no": "7"}


def test_message_boundary_may_happen_again_when_it_does_not_interrupt() -> None:
    data = draw(
        start(), user("a"), guard("m", "a", definition("message:m_paper"), cancel=False),
        user("read"), end(), end("e2"), flows("s > a > e", "m > read > e2"),
    )  # fmt: skip
    run, _ = begin(data)
    run.send("paper", {}, now=NOW)
    run.send("paper", {}, now=NOW)
    assert open_ids(run) == ["a", "read", "read"]
    do(run, "a")
    assert not run.messages
    assert open_ids(run) == ["read", "read"]


def failing(code: str, boundary: str) -> bytes:
    inner = sub(
        "sp",
        start("s2"),
        par("g"),
        user("x"),
        end("e2"),
        end("bad", f"error:{code}"),
        flows("s2 > g > x > e2", "g > y > bad"),
        user("y"),
    )
    return draw(
        start(), inner, guard("c", "sp", definition(boundary)), user("mend"), end(), end("e3"),
        flows("s > sp > e", "c > mend > e3"),
    )  # fmt: skip


@pytest.mark.parametrize("boundary", ["error:er", "error"])
def test_error_ends_the_subprocess_and_goes_on_at_its_boundary(boundary: str) -> None:
    run, _ = begin(failing("er", boundary))
    step = do(run, "y")
    assert path(step) == ["y", "bad", "c"]
    assert open_ids(run) == ["mend"]
    assert len(step.closed) == 2
    assert do(run, "mend").ended


def test_error_of_another_code_is_not_caught() -> None:
    run, _ = begin(failing("er2", "error:er"))
    step = do(run, "y")
    assert [i.code for i in step.incidents] == ["uncaught_error"]
    assert open_ids(run) == ["x"]


def test_error_crosses_a_called_process() -> None:
    data = whole(
        scope(
            start(), activity("c", "q"), guard("g", "c", definition("error:er")), user("mend"), end(),
            end("e3"), flows("s > c > e", "g > mend > e3"),
        ),
        scope(start("s2"), user("a"), end("bad", "error:er"), flows("s2 > a > bad"), process="q"),
    )  # fmt: skip
    run, _ = begin(data)
    do(run, "a")
    assert open_ids(run) == ["mend"]


@pytest.mark.parametrize(("cancel", "opened"), [(True, ["told"]), (False, ["told", "x"])])
def test_escalation_interrupts_or_not_as_drawn(cancel: bool, opened: list[str]) -> None:
    inner = sub("sp", start("s2"), throw("up"), user("x"), end("e2"), flows("s2 > up > x > e2"))
    data = draw(
        start(), inner, guard("c", "sp", definition("escalation:es"), cancel=cancel), user("told"),
        end(), end("e3"), flows("s > sp > e", "c > told > e3"),
    )  # fmt: skip
    run, step = begin(data)
    assert sorted(open_ids(run)) == opened
    assert "up" in path(step)


def test_escalation_nobody_catches_goes_on() -> None:
    run, step = begin(draw(start(), throw("up"), end(), flows("s > up > e")))
    assert step.ended
    assert not run.incidents


def test_terminate_ends_everything_in_its_scope() -> None:
    inner = sub(
        "sp",
        start("s2"),
        par("g"),
        user("x"),
        user("y"),
        end("e2"),
        end("stop", "terminate"),
        flows("s2 > g > x > e2", "g > y > stop"),
    )
    run, _ = begin(draw(start(), inner, user("b"), end(), flows("s > sp > b > e")))
    step = do(run, "y")
    assert len(step.closed) == 2
    assert open_ids(run) == ["b"]


def test_cancel_closes_everything_and_ends_nowhere() -> None:
    run, step = begin(guarded(False, timeDuration="PT1H"))
    gone = run.cancel(now=NOW)
    assert gone.ended
    assert gone.end_element_id == ""
    assert gone.closed == (step.opened[0].token,)
    assert gone.timers_cleared == (step.timers_set[0].token,)
    with pytest.raises(Stale):
        run.cancel(now=NOW)


def test_loop_back_is_capped() -> None:
    data = draw(
        start(), user("a", outputs={"again": "=again"}), xor("g", "g_e"), end(),
        flows("s > a > g > e"), flow("g", "a", "=again"),
    )  # fmt: skip
    run, _ = begin(data)
    for _ in range(19):
        assert not do(run, "a", again=True).incidents
    assert [i.code for i in do(run, "a", again=True).incidents] == ["limit"]


@pytest.mark.parametrize("gate", [par, inc])
def test_join_in_a_loop_counts_once_per_round(gate: Callable[[str], str]) -> None:
    sure = "=true" if gate is inc else ""
    data = draw(
        start(), xor("in"), gate("f"), user("a"), user("b"), user("c"), gate("j"), xor("g", "g_e"), end(),
        flows("s > in > f", "a > j > g > e", "b > j", "c > j"), flow("g", "in", "=true"),
        *(flow("f", name, sure) for name in "abc"),
    )  # fmt: skip
    run, _ = begin(data)
    for _ in range(19):
        for name in "abc":
            assert not do(run, name).incidents
    do(run, "a")
    do(run, "b")
    assert [i.code for i in do(run, "c").incidents] == ["limit"]


def test_interrupted_loop_is_capped() -> None:
    data = draw(
        start(),
        user("a"),
        guard("t", "a", timer_definition(timeDuration="PT1H")),
        end(),
        flows("s > a > e", "t > a"),
    )
    run, _ = begin(data)
    for _ in range(19):
        assert not run.fire(run.timers[0].token, now=run.timers[0].due_at).incidents
        run = Engine(library(data)).load(run.dump())
    assert [i.code for i in run.fire(run.timers[0].token, now=run.timers[0].due_at).incidents] == [
        "limit"
    ]


def test_spinning_circle_is_stopped() -> None:
    data = draw(start(), xor("g"), script("x", "={n: 1}"), end(), flows("s > g > x > g"))
    run, step = begin(data)
    assert [i.code for i in step.incidents] == ["limit"]
    assert not run.ended


@pytest.mark.parametrize("key", ["typename", "__class__", "data_objects", ""])
def test_facts_refuse_type_words(key: str) -> None:
    with pytest.raises(ModelError):
        begin(draw(start(), user("a"), end(), flows("s > a > e")), {key: 1})
    with pytest.raises(ModelError):
        begin(draw(start(), user("a"), end(), flows("s > a > e")), {"ok": [{key: 1}]})


@pytest.mark.parametrize("value", [1.5, object(), {1}, Decimal("NaN"), b"x", [[[[[[[[[1]]]]]]]]]])
def test_facts_refuse_what_is_no_value(value: object) -> None:
    with pytest.raises(ModelError):
        begin(draw(start(), user("a"), end(), flows("s > a > e")), {"k": value})


def test_facts_too_large_are_refused() -> None:
    run, _ = begin(draw(start(), user("a", outputs={"k": "=k"}), end(), flows("s > a > e")))
    state = run.dump()
    with pytest.raises(ModelError):
        do(run, "a", k="x" * 20_000)
    assert begin_again(run, state) == {}


def begin_again(run: Run, state: bytes) -> dict[str, object]:
    return dict(
        Engine(library(draw(start(), user("a", outputs={"k": "=k"}), end(), flows("s > a > e"))))
        .load(state)
        .facts
    )


def test_facts_are_copies() -> None:
    given = {"list": [{"n": 1}]}
    run, _ = begin(
        draw(start(), user("a", inputs={"list": "=list"}), end(), flows("s > a > e")), given
    )
    given["list"][0]["n"] = 2
    run.facts["list"].append(3)
    run.waiting[0].inputs["list"].clear()  # type: ignore[index]
    assert run.facts["list"] == [{"n": 1}]
    assert run.waiting[0].inputs["list"] == [{"n": 1}]
    with pytest.raises(TypeError):
        run.facts["list"] = []  # type: ignore[index]


def test_element_ids_of_the_engine_itself_are_free() -> None:
    data = draw(start("Start"), user("Root"), end("End"), flows("Start > Root > End"))
    run, _ = begin(data)
    assert do(run, "Root").end_element_id == "End"


def test_closed_token_is_stale() -> None:
    run, step = begin(draw(start(), user("a"), user("b"), end(), flows("s > a > b > e")))
    do(run, "a")
    for token in (step.opened[0].token, "999", "x", ""):
        with pytest.raises(Stale):
            run.complete(token, {}, now=NOW)


def test_flows_are_passed_between_their_elements() -> None:
    run, step = begin(choice())
    more = do(run, "a", x=1)
    assert [p.element_id for p in (*step.passed, *more.passed)] == [
        "s",
        "s_a",
        "a",
        "a_g",
        "g",
        "g_b",
    ]


def test_library_refuses_a_broken_expression_with_its_place() -> None:
    with pytest.raises(ModelError) as caught:
        library(draw(start(), script("x", "={a: 1 +}"), end(), flows("s > x > e")))
    assert caught.value.findings[0].place.element_id == "x"
