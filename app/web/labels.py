"""Chinese words for the codes and names that models and the record use.

A word that is missing here is shown as its code: nothing is hidden, and nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

STATUS = {
    "open": ("办理中", "here"),
    "closed": ("已办结", "done"),
    "refused": ("不予救助", "refused"),
    "withdrawn": ("已撤回", "ahead"),
}
OUTCOME = {
    "relieved": "已救助",
    "refused": "不予救助，已书面告知",
    "transferred": "已转入其他程序",
    "withdrawn": "申请人撤回",
    "no_need": "不需要救助，已书面告知",
    "upheld": "投诉属实，已答复",
    "partly_upheld": "投诉部分属实，已答复",
    "not_upheld": "投诉不属实，已答复",
    "rectified": "已整改销号",
    "inspected": "抽查完毕",
}
ERROR_CLASS = {"intentional": "主观故意", "objective": "客观偏差", "reform": "改革创新"}
ROUTE = {
    "emergency": "急难型（先行救助）",
    "emergency_small": "急难型（小额）",
    "expenditure": "支出型",
    "city_direct": "市级直接办理",
    "major": "重大生活困难（一事一议）",
    "referral": "转介",
}
DEED = {
    "allot": "拨入",
    "supplement": "追加",
    "hold": "预留",
    "pay": "支付",
    "release": "解除预留",
    "refund": "退回",
    "county_direct_pay": "县级直接支付",
    "write_off": "销账",
    "carry_out": "结转下年",
    "carry_in": "上年结转",
    "bank_return": "银行退回",
    "stock_take": "盘点",
    "reverse": "冲正",
}
PACKAGE = {
    "open": "待上报",
    "submitted": "审核中",
    "returned": "退回补凭证",
    "settled": "已销账",
}
TRANSFER = {"waiting": "待代发", "sent": "已送银行", "paid": "已到账", "failed": "银行退回"}
AID = {
    "bank": "转账",
    "cash": "现金",
    "goods": "实物",
    "cash_and_goods": "现金和实物",
    "bank_and_goods": "转账和实物",
}
SOURCE = {
    "central": "中央资金",
    "provincial": "省级资金",
    "city": "市级资金",
    "county": "县级资金",
    "township": "乡镇（街道）本级",
    "charity": "慈善资金",
    "reserve": "备用金",
    "recipient": "受助人退回",
}
PURPOSE = {
    "emergency_relief": "急难型临时救助",
    "expenditure_relief": "支出型临时救助",
    "major_relief": "重大生活困难救助",
    "special_relief": "市级直接办理的救助",
    "epidemic_relief": "疫情期间救助",
    "staged_relief": "返贫家庭分阶段救助",
    "reserve": "资金拨付",
    "refund": "受助人退款",
    "write_off": "销账",
    "stock_take": "盘点",
}
REFERRAL_OUTCOME = {"helped": "已解决", "partly": "部分解决", "not_helped": "没有解决"}
LEDGER_STATE = {
    "up": "公示中",
    "over": "到期已撤下",
    "down": "已撤下",
    "open": "未办",
    "met": "超期办结",
    "convened": "已召集",
    "noticed": "已通知",
    "closed": "已结束",
    "submitted": "已上报",
    "sent": "等待答复",
    "accepted": "已接收",
    "declined": "未接收",
    "done": "已办结",
    "returned": "已退回",
    "settled": "已销账",
    "repeat": "重复",
    "split": "拆分",
    "allowed": "有正当理由",
    "noted": "仅提示",
}
ACTION = {
    "case.reported": "登记报告",
    "case.closed": "结案",
    "instance.moved": "迁到另一个政策版本",
    "work_item.opened": "进入环节",
    "work_item.claimed": "签收",
    "work_item.released": "退回本组",
    "work_item.reassigned": "转办",
    "work_item.completed": "办结",
    "work_item.reminded": "催办",
    "work_item.copy_asked": "抄送",
    "work_item.cosign_asked": "请会签",
    "work_item.cosigned": "会签",
    "work_item.delegate_asked": "委派",
    "work_item.handed_back": "交回委派人",
    "work_item.request_taken_back": "收回请求",
    "submission.kept": "填报",
    "decision.taken": "按标准判定",
    "call.performed": "系统办理",
    "timer.fired": "到时",
    "deadline.reminded": "期限提醒",
    "deadline.breached": "超期，已通知",
    "incident.opened": "停下，等待人工处理",
    "incident.retried": "重新办理",
    "notice.taken_down": "撤下公示",
    "objection.filed": "收到公示异议",
    "outage.registered": "登记中断",
    "pilot.registered": "登记试点",
    "objection.opened": "查看公示异议",
    "case.recalled": "撤回",
    "case.withdrawn": "申请人撤回申请",
    "letter.issued": "出具文书",
    "letter.opened": "打开文书",
    "paper.opened": "打开材料",
    "personal.revealed": "查看个人信息原文",
    "sign_in.done": "登录",
    "sign_in.ended": "退出登录",
    "sign_in.locked": "账号锁定",
    "step.recalled": "撤回自己办结的环节",
    "step.sent_back": "退回前面的环节",
    "referral.sent": "转介",
    "referral.accepted": "接收方接受转介",
    "referral.declined": "接收方不接受转介",
    "referral.concluded": "转介有结果",
    "referral.service_recorded": "登记购买的服务",
    "referral.contact_opened": "查看转介联系方式",
    "absence.declared": "外出委托",
    "absence.revoked": "收回外出委托",
    "user.imported": "导入人员",
    "fund.allotted": "拨入备用金",
    "fund.counted": "盘点备用金",
    "ledger.exported": "导出台账",
    "package.published": "发布政策包",
}
FIELD = {
    "route": "办理路径",
    "cause": "事由",
    "low": "下限",
    "high": "上限",
    "k": "倍数",
    "standard": "分档标准",
    "eligible": "符合条件",
    "failed": "不符合的条件",
    "codes": "不符合的条件代码",
    "clauses": "不符合的条款",
    "net6": "前六个月月人均",
    "avg12": "前十二个月人均",
    "reasons": "逐项说明",
    "income_check": "收入和财产核对",
    "expenditure_check": "支出核实",
    "appraisal": "民主评议",
    "publicity": "公示",
    "result_days": "结果公布（工作日）",
    "urban": "城市",
    "rural": "农村",
    "k_low": "最低倍数",
    "k_high": "最高倍数",
    "income_6m": "前六个月收入",
    "income_12m": "前十二个月收入",
    "self_paid_6m": "前六个月自负支出",
    "members": "家庭人口",
    "vehicles": "机动车",
    "houses": "住房",
    "savings": "存款和有价证券",
    "costs": "逐人自负费用",
    "group": "家庭类别",
    "dibao": "低保月标准",
    "formula": "怎么算的",
    "clause": "条款",
    "level": "审批层级",
    "record_to": "备案",
    "source": "资金来源",
    "owed": "须公布",
    "days": "工作日数",
    "quota": "额度",
    "allowed": "可以",
    "message": "说明",
    "amount": "金额",
    "degree": "困难程度",
    "basis": "困难类型",
    "self_paid_cost": "个人自负费用",
    "persons": "计发人数",
    "emergency_now": "情况紧急",
    "irreversible_risk": "无法挽回的风险",
    "major_hardship": "重大生活困难",
    "special_city": "市级直接办理",
    "emergency_confirmed": "急难属实",
    "balance": "余额",
    "method": "发放方式",
    "area": "城乡",
    "township": "乡镇（街道）",
    "village": "村（居）",
    "channel": "报告渠道",
    "reported_at": "报告时间",
    "applicant_kind": "求助对象",
    "residence": "户籍情况",
    "outcome": "结果",
    "cash_amount": "现金或转账",
    "goods_value": "实物折价",
    "deviation_reason": "不同于分档的理由",
}
VALUE = {
    **ROUTE,
    "township": "乡镇（街道）",
    "county": "县级",
    "city": "市级",
    "coordination": "协调机制",
    "reserve": "备用金",
    "light": "较轻",
    "heavy": "较重",
    "medical": "医疗支出",
    "education": "教育支出",
    "urban": "城镇",
    "rural": "农村",
    "family": "家庭",
    "individual": "个人",
    "local": "本地户籍",
    "permit": "持有居住证",
    "hotline": "12349 热线",
    "window": "窗口",
    "visit": "走访",
    "fire": "火灾",
    "traffic": "交通事故",
    "cash": "现金",
    "bank": "转账",
    "goods": "实物",
    "approve": "同意",
    "return": "退回",
    "refuse": "不予救助",
    "yes": "是",
    "no": "否",
}


def field(name: str) -> str:
    """The name of a fact in words."""
    return FIELD.get(name, name)


def value(given: object) -> str:
    """A fact as a person reads it: codes in words, exact numbers, no empty parts."""
    if given is None or given == "":
        return "无"
    if isinstance(given, bool):
        return "是" if given else "否"
    if isinstance(given, Decimal):
        return f"{given:f}"
    if isinstance(given, datetime):
        return f"{given:%Y-%m-%d %H:%M}"
    if isinstance(given, Mapping):
        return "，".join(f"{field(str(key))} {value(inner)}" for key, inner in told(given))
    if isinstance(given, list | tuple):
        return "、".join(value(inner) for inner in given) or "无"
    return VALUE.get(str(given), str(given))


def told(given: Mapping[object, object]) -> list[tuple[object, object]]:
    """The parts of a mapping that say something."""
    return [(key, inner) for key, inner in given.items() if inner not in (None, "", [], {})]
