"""What keeps a notice from telling too much, at the moment it is posted (社会救助暂行办法 61 条).

The fields are the table's (`publicity_fields`); here the filled words are searched for numbers
and for what is known of this very person, and a village of few households is not named.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.paper_answers import given_in, newest
from app.cases.work import CaseWork
from app.form.papers import Paper
from app.form.private_words import find_private
from app.kernel.errors import Refused
from app.store import cases, people

CLAUSE = "r649-61"
FEW_HOUSEHOLDS = "（户数少，不公布到村）"
PLACE = "notice_place"  # decision: village -> {village_shown, least, clause}
_SECRETS = {
    "applicant_name": "申请人姓名",
    "applicant_id_number": "身份证号",
    "applicant_phone": "联系电话",
    "reporter_name": "报告人姓名",
    "reporter_phone": "报告人电话",
    "address": "住址",
}


def place_of(work: CaseWork) -> dict[str, str]:
    """The field `village` as it may be shown: hidden when the table counts too few households."""
    village = work.case.village
    if not village or PLACE not in work.package.library.decision_ids:
        return {}
    answer = work.package.decide(PLACE, {"village": village}, work.now).value
    shown = not isinstance(answer, Mapping) or answer.get("village_shown") is not False
    return {} if shown else {"village": FEW_HOUSEHOLDS}


def refuse_private(work: CaseWork, paper: Paper, body: str) -> None:
    """Raises Refused naming line and kind of everything in the text that gives a person away."""
    found = find_private(body, _secrets(work, paper))
    if not found:
        return
    places = "；".join(f"第 {one.line} 行有{one.kind}“{one.shown}”" for one in found)
    raise Refused(
        "notice_private",
        f"“{paper.title}”不能公示：{places}。请改正公示模板或者有关内容后再发布。",
        clause=CLAUSE,
        places=[{"kind": one.kind, "line": one.line} for one in found],
    )


def _secrets(work: CaseWork, paper: Paper) -> dict[str, str]:
    """Label -> what of this case must not appear; its place and the template's words are none."""
    applicant = cases.applicant(work.unit, work.case)
    found = {label: str(applicant.get(key) or "") for key, label in _SECRETS.items()}
    given = given_in(work)
    found["病种"] = newest(given, ("illness",))
    found["收款账号"] = newest(given, ("bank_account",))
    organs = [people.organ(work.unit, code) for code in (work.case.township, work.case.village)]
    public = paper.body + "".join(organ.name for organ in organs if organ is not None)
    return {label: text for label, text in found.items() if text and text not in public}
