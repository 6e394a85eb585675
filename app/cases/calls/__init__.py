"""What a diagram may ask for: the fixed catalogue of calls, each a function of this package.

`docs/vocabulary.md` lists arguments and answers. A call that a rule refuses raises and thereby
undoes the whole command; a lawful "no" (an empty fund) is an answer the diagram routes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.cases import repeats
from app.cases.calls import (
    branch,
    case,
    clock,
    fund,
    meeting,
    message,
    notice,
    objection,
    payment,
    referral,
    repeat,
    review,
    supervision,
    writeoff,
)
from app.cases.work import CaseWork
from app.kernel.errors import ModelError
from app.process.step import Call

Answer = Mapping[str, Any]

CATALOGUE: Mapping[str, Callable[[CaseWork, Call], Answer]] = {
    "handover.accept": case.accept_handover,
    "case.classify": case.classify,
    "case.close": case.close,
    "case.branch": branch.branch,
    "clock.start": clock.start,
    "clock.stop": clock.stop,
    "clock.cancel": clock.cancel,
    "fund.hold": fund.hold,
    "fund.release": fund.release,
    "fund.supplement": fund.supplement,
    "fund.allot": review.allot,
    "fund.carry_over": review.carry_over,
    "review.record": review.record,
    "writeoff.open": writeoff.open_package,
    "writeoff.submit": writeoff.submit,
    "writeoff.settle": writeoff.settle,
    "payment.pay": payment.pay,
    "transfer.again": payment.again,
    "notice.publish": notice.publish,
    "letter.issue": notice.issue_letter,
    "objection.resolve": objection.resolve,
    "repeat.resolve": repeat.resolve,
    "referral.create": referral.create,
    "referral.record": referral.record,
    "message.send": message.send,
    "meeting.convene": meeting.convene,
    "meeting.sign": meeting.sign,
    "case.bar": supervision.bar,
    "sample.draw": supervision.draw,
    "pilot.list": supervision.list_pilots,
}

PAYING = ("payment.", "transfer.")  # calls that hand out money; locked while a clue is open


def perform(work: CaseWork, call: Call) -> Answer:
    """The call is done and its answer returned; raises ModelError for one not in the catalogue."""
    if call.type not in CATALOGUE:
        raise ModelError(
            f"流程节点“{call.name}”调用了系统没有的服务“{call.type}”。",
            element_id=call.element_id,
        )
    if call.type.startswith(PAYING):
        repeats.require_free(work)
    answer = CATALOGUE[call.type](work, call)
    work.audit("call.performed", ("call", call.type), {"element": call.element_id, **answer})
    return answer
