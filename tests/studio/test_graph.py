"""Two questions about a drawn process: what can come, and what must come."""

from __future__ import annotations

from app.process.library import read_processes
from app.studio.graph import Graph, always_meeting, draw, reachable
from tests.studio.drawing import (
    both,
    diagram,
    either,
    element,
    end,
    flows,
    inside,
    start,
    sub,
    timer,
    user,
)


def drawn(*files: bytes, root: str = "main") -> Graph:
    processes = {p.id: p for p in read_processes({f"{n}.bpmn": f for n, f in enumerate(files)}, [])}
    return draw(processes, root)


def of(*parts: str) -> Graph:
    return drawn(diagram(*parts))


def ids(graph: Graph, nodes: set[tuple[str, ...]]) -> set[str]:
    return {"/".join(node) for node in nodes}


def test_reach_stops_behind_what_is_closed() -> None:
    graph = of(start(), user("a"), user("b"), end(), flows("begin > a > b > done"))
    assert ids(graph, reachable(graph, [graph.start])) == {"begin", "a", "b", "done"}
    assert ids(graph, reachable(graph, [graph.start], closed=[("a",)])) == {"begin", "a"}


def test_one_of_two_branches_is_not_enough_unless_both_are_entered() -> None:
    way = flows("begin > g > a > end1\ng > b > end2")
    parts = (start(), user("a"), user("b"), end("end1"), end("end2"), way)
    assert ("begin",) not in always_meeting(of(either("g"), *parts), {("a",)})
    assert ("begin",) in always_meeting(of(both("g"), *parts), {("a",)})
    assert ("begin",) in always_meeting(of(either("g"), *parts), {("a",)}, excused={("g",)})


def test_loop_back_does_not_count_as_a_way_out() -> None:
    graph = of(start(), user("a"), either("g"), user("goal"), end(),
               flows("begin > a > g > goal > done\ng > a"))  # fmt: skip
    assert ("begin",) in always_meeting(graph, {("goal",)})


def test_interrupting_boundary_is_another_way_and_a_side_branch_is_not() -> None:
    parts = (
        start(),
        user("a"),
        user("goal"),
        end(),
        end("late"),
        flows("begin > a > goal > done\nt > late"),
    )
    assert ("a",) not in always_meeting(of(*parts, timer("t", "a")), {("goal",)})
    graph = of(*parts, timer("t", "a", interrupting=False))
    assert ("a",) in always_meeting(graph, {("goal",)})
    assert ("late",) in reachable(graph, [("a",)])


def test_boundary_around_a_sub_process_is_a_way_out_of_its_inside() -> None:
    scope = inside(
        "box", start("in"), user("a"), user("goal"), end("out"), flows("in > a > goal > out")
    )
    graph = of(
        start(), scope, timer("t", "box"), end(), end("late"), flows("begin > box > done\nt > late")
    )
    assert ids(graph, reachable(graph, [("a",)])) == {"a", "goal", "out", "done", "t", "late"}
    assert ("a",) not in always_meeting(graph, {("goal",)})


def test_called_process_is_entered_and_left_for_each_call() -> None:
    inner = diagram(start("in"), user("work"), end("out"), flows("in > work > out"), id="inner")
    outer = diagram(start(), sub("one", "inner"), user("goal"), sub("two", "inner"), end(),
                    flows("begin > one > goal > two > done"))  # fmt: skip
    graph = drawn(outer, inner)
    assert ids(graph, reachable(graph, [("one", "work")])) == {
        "one/work", "one/out", "goal", "two", "two/in", "two/work", "two/out", "done",
    }  # fmt: skip
    held = always_meeting(graph, {("goal",)})
    assert ("one", "work") in held
    assert ("two", "work") not in held


def test_error_end_leaves_by_the_boundary_only() -> None:
    fail = element("endEvent", "fail", more="<bpmn:errorEventDefinition/>")
    scope = inside("box", start("in"), fail, flows("in > fail"))
    caught = element(
        "boundaryEvent",
        "catch",
        attributes='attachedToRef="box"',
        more="<bpmn:errorEventDefinition/>",
    )
    graph = of(start(), scope, caught, user("goal"), end(), user("plain"),
               flows("begin > box > plain > done\ncatch > goal > done"))  # fmt: skip
    assert ids(graph, reachable(graph, [("fail",)])) == {"fail", "catch", "goal", "done"}


def test_circle_of_calls_and_missing_targets_end() -> None:
    first = diagram(start(), sub("go", "other"), end(), flows("begin > go > gone\ngo > done"))
    second = diagram(
        start("in"), sub("back", "main"), end("out"), flows("in > back > out"), id="other"
    )
    graph = drawn(first, second)
    assert len(graph.elements) < 100
    assert ("done",) in always_meeting(graph, {("done",)})


def test_process_without_a_start_reaches_nothing() -> None:
    graph = of(user("a"))
    assert reachable(graph, [graph.start]) == set()
