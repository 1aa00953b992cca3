# SPDX-License-Identifier: Apache-2.0
"""Checks of the main text and its safeguards."""
from checks import equal, figure, hard, last, states, term
from judge import Check, Rows
from measure import units

U, SCHOOL, COUNTY = "高校", "学校", "旗县"
WAN, YI = 10 ** 4, 10 ** 8
GRADED = "[等保级别]<>'三级' OR [年内已检查评估]"


def spent(kind, item):
    return term(units((kind, f"[{item}]")))


ALL = [
    # party building
    hard("K.M2.1", U, "双带头人支部数", "教师党支部数"),
    hard("K.M2.2", U, "已配书记院系党组织数", "院系党组织数"),
    Rows("K.M3.1", "党建问题整改", "NOT [已验收] OR [有整改证据]", key="问题编号"),
    # digital education, services
    hard("K.M13.1", COUNTY, "支持IPv6教育网站数", "教育网站数"),
    Check("K.M13.2", SCHOOL, figure("到班带宽") <= figure("校园出口带宽")),
    hard("K.M14.1", SCHOOL, "信息科技开齐班数", "班数", "09-01"),
    Check("K.M14.2", SCHOOL, figure("参加素养评测教师") <= "1.2" * figure("专任教师数")),
    hard("K.M15.1", COUNTY, "网上办件数", "政务办件数"),
    hard("K.M15.2", COUNTY, "按时办结件数", "政务办件数"),
    Check("K.M15.3", "R", figure("跨省通办事项数") <= figure("高频教育事项数")),
    # safety
    hard("K.M16.1", SCHOOL, "有责任人点位数", "责任点位数"),
    hard("K.M16.2", U, "高校有责任人点位数", "高校责任点位数"),
    Rows("K.M17.1", "旗县信息系统", GRADED, key="系统"),
    Rows("K.M17.2", "高校信息系统", GRADED, key="系统"),
    hard("K.M18.1", SCHOOL, "欺凌依规处置数", "欺凌事件数"),
    hard("K.M18.2", SCHOOL, "证件有效外籍教师数", "外籍教师数"),
    hard("K.M18.3", U, "高校证件有效外籍教师数", "高校外籍教师数"),
    Check("K.M19.1", SCHOOL, states("NOT T(自治区级平安校园) OR T(盟市级平安校园)")),
    # safeguards
    hard("K.S2.1", "自治区", "中央补助资金支出", "中央补助资金到位"),
    Check("K.S2.2", "R", equal(YI * figure("公布一般公共预算教育经费"), WAN * (
        figure("本级预算教育经费") + spent("盟市", "盟市本级预算教育经费") +
        spent(COUNTY, "旗县预算教育经费")))),
    Check("K.S2.3", COUNTY, figure("旗县预算教育经费") >= 0.5 * last(figure("旗县预算教育经费"))),
]
