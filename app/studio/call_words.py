"""The arguments of the calls in Chinese, with the values an editor offers instead of codes.

Names and which are needed stand in `calls.py`; a test holds that every argument has its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TEXT, FEEL, CHOICE, PAPER, FORM, ROLE, CLOCK, PROCESS = (
    "text", "feel", "choice", "paper", "form", "role", "clock", "process",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArgumentWords:
    """How an editor asks for one argument."""

    label: str  # Chinese, with the unit
    kind: str = FEEL  # TEXT | FEEL | CHOICE | PAPER | FORM | ROLE | CLOCK | PROCESS
    choices: tuple[tuple[str, str], ...] = ()  # value, label; of a CHOICE


_SOURCES = (
    ("reserve", "乡镇（街道）备用金"),
    ("county", "县级"),
    ("city", "市级"),
    ("charity", "慈善"),
)
_ORIGINS = (
    ("central", "中央"),
    ("provincial", "省级"),
    ("city", "市级"),
    ("county", "县级"),
    ("township", "乡镇（街道）"),
)
_HANDLINGS = (("all", "全部"), ("split", "先销有凭证的"))
_REPEATS = (("not_repeat", "不是重复"), ("reasoned", "重复但理由成立"), ("repeat", "重复救助"))
_DECISIONS = (("agree", "同意"), ("return", "退回"), ("recuse", "回避"))
_CAPACITIES = (("head", "领导小组组长"), ("convener", "联席会议召集人"), ("city", "市级"))
_OUTCOMES = (
    ("relieved", "已救助"),
    ("refused", "不予救助"),
    ("transferred", "转办"),
    ("withdrawn", "申请人撤回"),
    ("no_need", "不需要救助"),
    ("upheld", "投诉属实"),
    ("partly_upheld", "投诉部分属实"),
    ("not_upheld", "投诉不属实"),
    ("rectified", "已整改"),
    ("inspected", "抽查完毕"),
)

_COMMON: Mapping[str, ArgumentWords] = {
    "amount": ArgumentWords("金额（元）"),
    "source": ArgumentWords("资金来源", CHOICE, _SOURCES),
    "reason": ArgumentWords("理由", TEXT),
    "paper": ArgumentWords("文书", PAPER),
    "key": ArgumentWords("时限", CLOCK),
    "from": ArgumentWords("从何时起算"),
    "at": ArgumentWords("停止于何时（默认现在）"),
    "route": ArgumentWords("办理路径", TEXT),
    "cause": ArgumentWords("事由", TEXT),
    "outcome": ArgumentWords("结案结果", CHOICE, _OUTCOMES),
    "package_no": ArgumentWords("核销批号"),
    "slip": ArgumentWords("发放凭单所在表单", FORM),
    "days": ArgumentWords("公示（工作日）"),
    "reasons": ArgumentWords("理由"),
    "clauses": ArgumentWords("依据条款", TEXT),
    "once": ArgumentWords("只许出具一次"),
    "again_reason": ArgumentWords("再次出具的理由"),
    "valid": ArgumentWords("异议是否成立"),
    "role": ArgumentWords("发给哪个角色", ROLE),
    "text": ArgumentWords("内容", TEXT),
    "mode": ArgumentWords("表决方式", TEXT),
    "materials": ArgumentWords("会议材料（表单编号，逗号分隔）", TEXT),
    "decision": ArgumentWords("签批意见", CHOICE, _DECISIONS),
    "capacity": ArgumentWords("以何身份", CHOICE, _CAPACITIES),
    "form": ArgumentWords("所签、所问的表单", FORM),
    "forms": ArgumentWords("写明涉及谁的表单（编号，逗号分隔）", TEXT),
    "origin": ArgumentWords("哪一级的资金", CHOICE, _ORIGINS),
    "document_no": ArgumentWords("文号"),
    "year": ArgumentWords("年度"),
    "planned": ArgumentWords("核定预算（元）"),
    "handling": ArgumentWords("怎样销账", CHOICE, _HANDLINGS),
    "process": ArgumentWords("另立个案走的流程", PROCESS),
    "relation": ArgumentWords("两案的关系", TEXT),
    "result": ArgumentWords("核对结果", CHOICE, _REPEATS),
    "to": ArgumentWords("转给谁", TEXT),
    "need": ArgumentWords("需要什么帮助", TEXT),
}

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "handover.accept": {"accepted_at": "接受时间"},
    "clock.start": {"due_at": "到期时间"},
    "clock.stop": {
        "late": "是否超期",
        "late_seconds": "超期秒数",
        "late_workdays": "超期工作日",
        "due_at": "到期时间",
    },
    "fund.hold": {"held": "是否预留成功", "balance": "余额", "shortfall": "差额"},
    "fund.release": {"released": "退回金额"},
    "fund.supplement": {"balance": "余额"},
    "payment.pay": {"paid_at": "发放时间", "voucher_no": "凭证号", "balance": "余额"},
    "notice.publish": {"notice_id": "公示编号", "posted_at": "张贴时间", "until": "公示至"},
    "letter.issue": {"letter_no": "文书号"},
    "fund.allot": {"balance": "余额"},
    "fund.carry_over": {"carried": "结转金额"},
    "review.record": {"floor": "最低预算"},
    "writeoff.open": {"package_no": "批次号", "count": "笔数", "total": "合计"},
    "writeoff.submit": {
        "accepted": "是否可以销账",
        "missing": "缺凭证的",
        "ready_count": "齐全笔数",
        "ready_total": "齐全合计",
        "left_total": "剩余合计",
    },
    "writeoff.settle": {"settled_total": "已销合计", "left_total": "剩余合计"},
    "transfer.again": {"paid_at": "发放时间", "voucher_no": "凭证号", "balance": "余额"},
    "case.branch": {"case_no": "案号"},
    "referral.create": {"referral_no": "转介单号", "refused": "不能转介的原因"},
    "repeat.resolve": {"resolved": "已核对的线索"},
    "objection.resolve": {"resolved": "已办结的异议"},
    "meeting.convene": {"meeting_no": "会议号", "round": "轮次"},
    "meeting.sign": {"signed": "是否已签", "signed_at": "签批时间"},
    "case.bar": {"barred": "回避人数", "county_staff": "是否涉及县级工作人员"},
    "sample.draw": {
        "population": "备选件数",
        "drawn": "抽中件数",
        "sample": "抽中的编号",
        "seed": "种子",
    },
    "pilot.list": {"pilots": "登记的试点"},
}
"""Call -> what it answers and how an editor names it; a call that is not here answers nothing."""


def words_of(argument: str) -> ArgumentWords:
    """How an editor asks for the argument; by its name where nobody wrote words."""
    return _COMMON.get(argument, ArgumentWords(argument))
