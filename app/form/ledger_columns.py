"""What a ledger may show: the declared queries and, for each, its columns with unit and mask.

Which query reads which tables is `app.cases.ledgers`; a locality's `.ledger.toml` file picks out
of the columns here. Adding a ledger: declare its query here, write its rows there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds, and so how it is written."""

    TEXT = "text"
    MONEY = "money"  # kernel.money.Money; yuan with two places
    COUNT = "count"  # int
    DAY = "day"  # datetime.date, a legal day
    INSTANT = "instant"  # aware datetime, shown in local time
    HOURS = "hours"  # Decimal, one place
    PERCENT = "percent"  # Decimal out of a hundred, one place


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a query."""

    key: str  # ASCII snake_case
    label: str  # Chinese heading, unless the file gives another
    kind: Kind = Kind.TEXT
    total: bool = False  # summed under the list
    personal: bool = False  # masked, unless opened with a purpose on record
    codes: str = ""  # the cell is a code; name of the table of words that the page reads it by


PARAMETERS: Mapping[str, str] = {
    "channels": "报告渠道代码",
    "clocks": "期限代码",
    "forms": "发放形式代码",
    "kinds": "种类代码",
}
"""Words with which a file narrows a query."""


@dataclass(frozen=True, slots=True)
class Query:
    """One declared query."""

    label: str  # Chinese: what a row is
    reads: str  # "cases" | "money": which right of a role opens it
    columns: tuple[Column, ...]
    filters: tuple[str, ...] = ("period", "township")  # also "route", "state"
    params: tuple[str, ...] = ()  # names out of PARAMETERS
    states: tuple[str, ...] = ()  # what the filter "state" may be

    def column(self, key: str) -> Column:
        """The column of that key; raises KeyError."""
        return next(one for one in self.columns if one.key == key)


def _text(key: str, label: str, codes: str = "") -> Column:
    return Column(key, label, codes=codes)


def _money(key: str, label: str, *, total: bool = True) -> Column:
    return Column(key, label, Kind.MONEY, total)


def _count(key: str, label: str, *, total: bool = True) -> Column:
    return Column(key, label, Kind.COUNT, total)


def _at(key: str, label: str) -> Column:
    return Column(key, label, Kind.INSTANT)


def _day(key: str, label: str) -> Column:
    return Column(key, label, Kind.DAY)


def _percent(key: str, label: str) -> Column:
    return Column(key, label, Kind.PERCENT)


def _hours(key: str, label: str) -> Column:
    return Column(key, label, Kind.HOURS)


_WHO = (
    _text("case_no", "受理编号"),
    Column("applicant", "申请人", personal=True),
    _text("township", "乡镇（街道）"),
    _text("village", "村（居）"),
)
_BY_CASE = ("period", "township", "route", "state")
_STATUS = ("open", "closed", "refused", "withdrawn")

QUERIES: Mapping[str, Query] = {
    "relief": Query(
        "每个案件一行",
        "cases",
        (
            *_WHO,
            _text("township_code", "乡镇（街道）代码"),
            _text("village_code", "村（居）代码"),
            _text("channel", "报告渠道"),
            _at("reported_at", "报告时间"),
            _text("route", "办理路径", "route"),
            _text("route_code", "办理路径代码"),
            _text("cause_class", "事由类别"),
            _text("status", "状态", "status"),
            _text("status_code", "状态代码"),
            _text("outcome", "结果", "outcome"),
            _money("paid", "已发放（元）"),
            _count("times", "发放次数"),
            _text("form_of_aid", "发放形式", "aid"),
            _at("first_paid_at", "首次发放时间"),
            _day("closed_on", "办结日期"),
            _text("responsible", "首问（负责）人"),
        ),
        _BY_CASE,
        states=_STATUS,
    ),
    "payments": Query(
        "每次发放一行",
        "money",
        (
            _text("voucher_no", "凭证编号"),
            _day("paid_on", "发放日期"),
            *_WHO,
            _text("cause_class", "事由类别"),
            _text("form_of_aid", "发放形式", "aid"),
            _money("money", "救助金（元）"),
            _money("goods", "实物折价（元）"),
            _money("amount", "合计（元）"),
            _text("source", "资金来源", "source"),
            _text("payers", "发放人"),
            _text("signature", "领取人签名"),
        ),
        ("period", "township", "route"),
        ("forms",),
    ),
    "handed_over": Query(
        "现金或实物每项一行",
        "money",
        (
            _text("voucher_no", "凭证编号"),
            _at("paid_at", "发放时间"),
            *_WHO,
            _text("item", "品名"),
            _text("quantity", "数量"),
            _money("amount", "价值（元）"),
            _text("payer_1", "发放人一"),
            _text("payer_2", "发放人二"),
            Column("receiver", "领取人或见证人", personal=True),
        ),
    ),
    "payments_by_month": Query(
        "每个乡镇（街道）每月一行",
        "money",
        (
            _text("month", "月份"),
            _text("township", "乡镇（街道）"),
            _count("cases", "救助件数"),
            _count("times", "发放次数"),
            _money("money", "救助金（元）"),
            _money("goods", "实物折价（元）"),
            _money("amount", "合计（元）"),
            _money("from_reserve", "其中备用金（元）"),
            _money("from_others", "其中县级等其他资金（元）"),
        ),
    ),
    "reserve_journal": Query(
        "每笔分录一行",
        "money",
        (
            _text("township", "乡镇（街道）"),
            _count("year", "年度", total=False),
            _count("number", "序号", total=False),
            _at("at", "时间"),
            _text("deed", "事项", "deed"),
            _text("source", "资金来源", "source"),
            _text("purpose", "用途", "purpose"),
            _text("memo", "摘要"),
            _text("case_no", "受理编号"),
            _money("received", "收入（元）"),
            _money("spent", "支出（元）"),
            _money("moved", "发生额（元）", total=False),
            _money("free_after", "记后可用（元）", total=False),
            _text("by", "经手"),
        ),
    ),
    "reserve_book": Query(
        "每个乡镇（街道）一行，按年度",
        "money",
        (
            _text("township", "乡镇（街道）"),
            _count("year", "年度", total=False),
            _money("own", "本级筹集（元）"),
            _money("allotted", "上级拨付（元）"),
            _money("supplement", "追加（元）"),
            _money("refund", "退回（元）"),
            _money("spent", "支出（元）"),
            _money("held", "已预留（元）"),
            _money("free", "可用（元）"),
            _money("balance", "账面余额（元）"),
        ),
    ),
    "notices": Query(
        "每份公示一行",
        "cases",
        (
            _text("title", "公示名称"),
            *_WHO,
            _at("posted_at", "张贴时间"),
            _at("until", "应撤下时间"),
            _at("down_at", "实际撤下时间"),
            _text("state", "状态", "ledger_state"),
            _count("objections", "异议件数"),
            _text("posted_by", "发布人"),
        ),
        ("period", "township", "state"),
        states=("up", "over", "down"),
    ),
    "reports": Query(
        "每次报告一行",
        "cases",
        (
            *_WHO,
            _at("reported_at", "报告时间"),
            _text("channel", "渠道"),
            Column("reporter", "报告人", personal=True),
            Column("reporter_phone", "报告人电话", personal=True),
            _text("summary", "情况"),
            _text("cause_class", "事由类别"),
            _text("taken_by", "首问人"),
            _at("first_paid_at", "首次发放时间"),
            _hours("lead_hours", "报告到发放（小时）"),
            _text("status", "状态", "status"),
        ),
        _BY_CASE,
        ("channels",),
        _STATUS,
    ),
    "meetings": Query(
        "每次会议一行",
        "cases",
        (
            _text("meeting_no", "会议编号"),
            _text("case_no", "受理编号"),
            Column("applicant", "申请人", personal=True),
            _count("round", "第几次", total=False),
            _text("mode", "会议方式"),
            _at("convened_at", "召集时间"),
            _at("held_at", "会议时间"),
            _text("place", "地点"),
            _count("eligible", "应到", total=False),
            _count("present", "实到", total=False),
            _count("yes", "赞成", total=False),
            _count("no", "反对", total=False),
            _count("abstain", "弃权", total=False),
            _text("result", "结果"),
            _text("signed", "签批"),
        ),
        ("period", "state"),
        states=("convened", "noticed", "closed"),
    ),
    "limits": Query(
        "每个超期的期限一行",
        "cases",
        (
            _text("limit", "期限"),
            *_WHO,
            _at("started_at", "起算时间"),
            _at("due_at", "应办结时间"),
            _at("stopped_at", "实际办结时间"),
            _hours("late_hours", "超期（小时）"),
            _count("late_workdays", "超期（工作日）", total=False),
            _text("state", "状态", "ledger_state"),
            _text("done_by", "当前或最后办理人"),
        ),
        ("period", "township", "state"),
        ("clocks",),
        ("open", "met"),
    ),
    "timeliness": Query(
        "每个乡镇（街道）每种期限一行",
        "cases",
        (
            _text("township", "乡镇（街道）"),
            _text("limit", "期限"),
            _count("started", "起算件数"),
            _count("on_time", "按时"),
            _count("late", "超期办结"),
            _count("late_open", "超期未办"),
            _count("running", "办理中"),
            _percent("share", "按时率（%）"),
            _hours("median", "用时中位数（小时）"),
            _hours("p90", "用时九成位（小时）"),
        ),
        params=("clocks",),
    ),
    "discovery": Query(
        "每种报告渠道一行",
        "cases",
        (
            _text("channel", "报告渠道"),
            _count("cases", "件数"),
            _percent("share", "占比（%）"),
            _count("relieved", "已救助"),
            _count("refused", "不予救助"),
            _count("open", "办理中"),
            _hours("median", "报告到首次发放中位数（小时）"),
        ),
    ),
    "standards": Query(
        "每个乡镇（街道）每类事由一行",
        "money",
        (
            _text("cause_class", "事由类别"),
            _text("township", "乡镇（街道）"),
            _count("cases", "救助件数"),
            _money("lowest", "最低（元）", total=False),
            _money("average", "平均（元）", total=False),
            _money("highest", "最高（元）", total=False),
            _money("overall", "全部平均（元）", total=False),
            _percent("deviation", "与全部平均之差（%）"),
        ),
    ),
    "performance": Query(
        "每项指标一行",
        "cases",
        (
            _text("indicator", "指标"),
            _text("value", "结果"),
            _text("unit", "单位"),
            _text("part", "分子"),
            _text("whole", "分母"),
            _text("meaning", "计算口径"),
        ),
        params=("channels", "clocks"),
    ),
}
