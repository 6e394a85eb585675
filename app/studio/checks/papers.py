"""Letters and notices use known fields, and a notice shows nothing private (G20)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding, Place
from app.form.papers import Paper, problems_of
from app.studio.checks.base import Check
from app.studio.subject import Subject

PUBLICITY = "publicity_fields"


def _run(subject: Subject) -> Iterable[Finding]:
    yield from subject.paper_findings
    allowed, problem = allowed_fields(subject)
    notices = [paper for paper in subject.papers.values() if paper.kind == "notice"]
    guard = next(iter(subject.guards("notice_fields")), None)
    if problem and notices:
        place = Place(file=notices[0].file)
        advice = "请补上公示字段表，公示模板按它核对。"
        yield Finding("no_publicity_fields", "error", problem, advice, place)
    for paper in subject.papers.values():
        yield from _strangers(subject, paper)
        for text in problems_of(paper, allowed):
            private = guard if text.startswith("公示不得") else None
            cited = f"（{subject.statutes.cite(private.clause)}）" if private else ""
            yield Finding(
                private.id if private else "bad_paper",
                "error",
                f"文书“{paper.title}”：{text}{cited}。",
                "请改正模板后再发布。",
                Place(file=paper.file, element_id=paper.id),
            )


def _strangers(subject: Subject, paper: Paper) -> Iterable[Finding]:
    """Roles that nobody knows among those who may issue the paper."""
    for role in paper.issued_by:
        if role not in subject.around.roles:
            yield Finding(
                "unknown_role",
                "error",
                f"文书“{paper.title}”由角色“{role}”出具，没有这个角色。",
                "请改用角色目录里的代码。",
                Place(file=paper.file, element_id=paper.id),
            )


def allowed_fields(subject: Subject) -> tuple[frozenset[str], str]:
    """The fields a notice may show, and why they are not known (then none is allowed)."""
    result = subject.ask(PUBLICITY, {})
    if result is None:
        return frozenset(), f"没有决策“{PUBLICITY}”，不知道公示可以写哪些字段。"
    if result.errors or not isinstance(result.value, list):
        return frozenset(), f"决策“{PUBLICITY}”没有给出字段清单。"
    return frozenset(str(name) for name in result.value), ""


CHECK = Check(
    id="papers",
    sentence="文书只用规定的字段；公示只出现公示字段表允许的各项",
    because="G20：公示不得泄露受助人的身份证号、电话、账号和病情",
    good="公示写姓（隐去名）、村居、事由类别、金额和日期",
    bad="公示模板用了申请人全名",
    run=_run,
)
