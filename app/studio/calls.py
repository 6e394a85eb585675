"""What a diagram may ask for, as its drawer sees it: the calls and the names of their arguments.

The deeds themselves are `app.cases.calls`; a test holds both lists and `docs/vocabulary.md` equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallShape:
    """One call of the catalogue."""

    label: str  # Chinese, as an editor offers it
    needed: frozenset[str] = frozenset()  # arguments it can not do without
    optional: frozenset[str] = frozenset()

    @property
    def arguments(self) -> frozenset[str]:
        """All arguments it takes."""
        return self.needed | self.optional


def _shape(label: str, needed: str = "", optional: str = "") -> CallShape:
    return CallShape(label, frozenset(needed.split()), frozenset(optional.split()))


CALLS: Mapping[str, CallShape] = {
    "handover.accept": _shape("接受首问移交"),
    "case.classify": _shape("登记路径与事由", optional="route cause"),
    "case.close": _shape("结案", "outcome"),
    "case.branch": _shape("另立关联个案", "process relation"),
    "clock.start": _shape("启动时限", "key", "from"),
    "clock.stop": _shape("停止时限", "key", "at"),
    "clock.cancel": _shape("撤销时限", "key", "reason"),
    "fund.hold": _shape("预留资金", "amount", "source"),
    "fund.release": _shape("退回预留", optional="amount source reason"),
    "fund.supplement": _shape("追加备用金", "amount package_no"),
    "fund.allot": _shape("拨入备用金", "amount origin", "document_no"),
    "fund.carry_over": _shape("结转上年结余", "year"),
    "review.record": _shape("登记年度核定", "year planned", "reason document_no"),
    "writeoff.open": _shape("生成销账批次"),
    "writeoff.submit": _shape("核对销账凭证", "package_no handling"),
    "writeoff.settle": _shape("销账入账", "package_no"),
    "payment.pay": _shape("登记发放", "amount source slip"),
    "transfer.again": _shape("重新转账", "amount source slip"),
    "notice.publish": _shape("张贴公示", "paper", "days amount"),
    "letter.issue": _shape("出具文书", "paper", "reasons clauses amount once again_reason"),
    "objection.resolve": _shape("异议办结", "valid"),
    "repeat.resolve": _shape("登记重复救助核对结果", "result reason"),
    "referral.create": _shape("登记转介", optional="to need text"),
    "referral.record": _shape("登记已落实的转介", "to need outcome", "text"),
    "message.send": _shape("发送提醒", "role text"),
    "meeting.convene": _shape("召集协调会议", "mode materials"),
    "meeting.sign": _shape("登记签批", "decision capacity form"),
    "case.bar": _shape("让涉及的人回避", "forms"),
    "sample.draw": _shape("随机抽取个案", "form"),
    "pilot.list": _shape("列出登记的试点", optional="at"),
}
