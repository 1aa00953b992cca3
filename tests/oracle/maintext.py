# SPDX-License-Identifier: Apache-2.0
"""The main text and its safeguards: what each clause asks,
defined from the text and the data dictionary."""
import measure
from acts import cap, fires
from annex1 import FULL, MIN1, NEARLY, S, categories, percent, spent
from annex2 import SCIENTISTS, wan
from annex3 import QUALIFIED, about, item
from checks import hard
from judge import Rule, Target, Task, by, each, grows, keeps, quarters, terms, test, yes
from logic import holds, over_plan, row_quotient
from measure import count, distinct, own, plus, row_share, rows, share, units

YEARS = (2024, 2025, 2026)
U, SCHOOL = "高校", "学校"
measure.BOOLS |= {
    "学位调整方案", "党委领导下校长负责制", "有高校党校", "有一站式社区", "党员活动阵地达标",
    "党组织领导校长负责制", "有整改证据",
    "已验收", "党组织书记述职评议", "党政议事决策制度", "二级院系政治把关制度",
    "盟市书记述职评议", "已启动", "读书活动", "书香校园达标",
    "科学实践活动", "已上架", "安全预案", "统编教材使用", "使用国家通用语言文字",
    "立德育苗课堂", "深情告白活动", "共同体概论课",
    "六句话进课程", "经典诵读活动", "校园标识规范", "红色校史资源", "新建", "两年内更新",
    "已审核上架", "平台资源用于教学",
    "数字校园达标", "全光纤网络", "学习终端应用", "校园物联采集", "校园网支持IPv6",
    "开展人工智能教育", "人工智能用于教学", "已结题",
    "入园一件事", "新生入学一件事", "意识形态责任制", "高校意识形态责任制", "抵御渗透工作机制",
    "已复盘", "已分类分级", "年内已检查评估",
    "运维三阶段监管", "采集生物识别", "生物识别合规", "按期整改", "护校安园隐患排查",
    "专职保安达标", "封闭化管理", "一键报警达标",
    "视频监控达标", "护学岗设置", "重大安全责任事故", "数据已核实", "媒体已报道"}
measure.OWNERS.update({
    "党建选树": "自治区", "党建问题整改": U, "铸魂育人项目": "自治区",
    "民族团结专题课时": "义务教育学校", "思政资源包": "自治区",
    "盟市思政资源": "盟市", "共同体研究基地": "自治区", "智慧教育平台资源": "自治区",
    "地方特色资源": "盟市", "教育信息化课题": "盟市",
    "涉教舆情事件": "盟市", "旗县信息系统": "旗县", "高校信息系统": U, "校园安全隐患": SCHOOL,
    "先进典型": "盟市"})
BOTH = ["盟市", "旗县"]


def yearly(ident, kind, where, at=("R",), full=True, point="12-31"):
    """A share of units each year: all of them, or more than the year before."""
    got = share(kind, "1", where)
    return Target(ident, each(FULL(got), reach=True) if full else each(grows(got)), at=list(at),
        point=point)


def final(ident, kind, where, at=("R",), point="12-31"):
    return Target(ident, by(2026, FULL(share(kind, "1", where))), at=list(at), point=point)


def part(kind, first, second):
    return units((kind, f"[{first}]", f"[{second}]"), dens=True)


def systems(where, then):
    """A share of the information systems of counties and universities together."""
    return row_quotient(*[(reg, f"IIF(({where}) AND ({then}), 1#, 0)", f"IIF({where}, 1#, 0)")
                          for reg in ("旗县信息系统", "高校信息系统")])


def yuan(item):
    """A figure in 亿元."""
    at = own(f"[{item}]")
    return lambda frame, unit: at(frame, unit).scaled(10 ** 8)


SAFE = " OR ".join(f"T({x}级平安校园)" for x in ("旗县", "盟市", "自治区"))

ALL = [
    Task("P0.1", (2024,)),
    Target("G.1", by(2026, test(share("旗县", "1", "[学龄人口预测年限]>=3# AND [学位调整方案]"),
        "nearly", 1, tol=NEARLY))),
    Target("G.4", by(2026, test(own("[高教综合实力西部位次]"), "<=", 6))),
    # party building
    Task("MA.1", (2026,)), Task("M1.7", YEARS, each=True),
        Task("M1.8", YEARS, spans=terms), Task("M1.9", YEARS, each=True),
        Task("M1.10", YEARS, each=True),
    Target("M1.1", by(2026, test(count(U, "T(党建示范院校)"), ">=", 9))),
    *[Target(i, by(2026, test(rows("党建选树", f"[选树类别]='{x}'"), ">=", v))) for i, x, v in (
        ("M1.2", "双带头人工作室", 15), ("M1.3", "标杆院系", 30), ("M1.4", "样板支部", 30),
            ("M1.5", "研究生党支部", 30))],
    Target("M1.6", by(2026, test(count(SCHOOL, "T(中小学党建示范校)"), ">=", 100))),
    Target("M2.1", by(2026, MIN1(own("DEG(党建手拉手||!民办)"))), at=[U],
        given=holds("{民办}")),
    Target("M2.2", each(test(part(U, "专职辅导员数", "在校学生"), ">=", "0.005")), at=[U]),
    Target("M2.3", each(grows(part(U, "双带头人支部数", "教师党支部数")))),
    final("M2.4", U, "[已配书记院系党组织数]>=[院系党组织数] AND [专职组织员数]>=1#"),
    Target("M2.5", each(item("党委领导下校长负责制")), at=[U],
        given=yes(own("IIF(NOT {民办}, 1#, 0)"))),
    final("M2.6", U, "[有高校党校] AND [有一站式社区] AND [党员活动阵地达标]"),
    Target("M2.7", each(grows(share(SCHOOL, "{公办}", "[党组织领导校长负责制]")))),
    Target("M2.8", by(2026, MIN1(own("DEG(中小学党建手拉手||公办)"))), at=[SCHOOL],
        given=yes(own("IIF(NOT {公办}, 1#, 0)"))),
    Target("M3.1", each(item("党组织书记述职评议")), at=[U]),
    Target("M3.2", each(item("盟市书记述职评议")), at=["盟市"]),
    Target("M3.3", by(2026, FULL(row_share("党建问题整改", "1", "[已验收] AND [有整改证据]")))),
    Task("M3.4", (2026,)), Task("M3.6", (2026,)),
    final("M3.5", U, "[党政议事决策制度] AND [二级院系政治把关制度]"),
    Target("M3.7", by(2026, FULL(row_share("党建问题整改", "[问题来源]='巡察巡视'",
        "[已验收] AND [有整改证据]")))),
    Rule("M3.R1", "党建问题整改", "[已验收] AND NOT [有整改证据]", "问题编号"),
    # moral education, community
    Task("M4.3", (2024,)), Task("M4.5", (2026,)), Task("M4.8", YEARS, each=True, n=3),
    Target("M4.4", by(2026, FULL(row_share("本科培养方案", "1", "[含课程思政]")))),
    Target("M4.6", each(grows(units((U, "[思政一体化结对学校数]")), top=None))),
    Target("M4.7", each(keeps(plus(count(SCHOOL, "T(文明校园)"), count(U, "T(文明高校)"))))),
    Target("M4.1", by(2026, test(rows("铸魂育人项目", "[性质]='专项行动' AND [已启动]"), ">=",
        12))),
    Target("M4.2", by(2026, test(rows("铸魂育人项目", "[性质]='项目平台' AND [已启动]"), ">=",
        48))),
    yearly("M5.1", "中小学", "[体育课时达标] AND [艺术课程按标准开设] AND [劳动课时达标]", BOTH,
        point=S),
    yearly("M5.2", SCHOOL, "[科学实践活动]", full=False, point=S),
    yearly("M5.3", SCHOOL, "[读书活动]", point=S), yearly("M5.4", SCHOOL, "[书香校园达标]",
        full=False, point=S),
    yearly("M5.5", "中小学", "[开展心理健康教育]", point=S),
    Task("MC.1", (2026,)),
    Target("M6.1", each(FULL(row_share("民族团结专题课时", "1", "[课时]>=12#")), reach=True),
        at=["义务教育学校"], school=True),
    yearly("M6.3", SCHOOL, "[统编教材使用]", BOTH, point=S), yearly("M6.4", SCHOOL,
        "[使用国家通用语言文字]", point=S),
    yearly("M6.5", "幼儿园", "[立德育苗课堂]", ["旗县"], point=S),
    Task("M6.6", YEARS, each=True),
    yearly("M6.7", "普通高中", "[深情告白活动]", point=S),
    Target("M6.8", each(item("共同体概论课")), at=[U]), Target("M6.9",
        each(item("六句话进课程")), at=[U]),
    categories("M6.10", "思政资源包", "系列", "石榴红 北疆绿 航天蓝",
        lambda w: MIN1(rows("思政资源包", w + " AND [已上架]")),
               lambda c: by(2026, c)),
    Target("M6.2", by(2026, MIN1(rows("盟市思政资源",
        "[资源形式]='红色研学路线' AND [安全预案]"))), at=["盟市"]),
    Target("M6.11", by(2026, MIN1(rows("盟市思政资源", "[资源形式]='实践教学示例'"))),
        at=["盟市"]),
    Target("M6.12", by(2026, MIN1(rows("盟市思政资源", "[资源形式]='一体化示范课程'"))),
        at=["盟市"]),
    Task("M7.3", (2026,)), Task("M7.5", (2026,)),
    Target("M7.1", each(test(rows("共同体研究基地", "[基地级别]='国家级' AND [年度成果数]>=1#"),
        ">=", 2), reach=True)),
    Target("M7.2", each(test(rows("共同体研究基地",
        "[基地级别]='自治区级' AND [年度成果数]>=1#"), ">=", 9), reach=True)),
    Target("M7.4", by(2026, test(distinct("共同体研究基地", "依托学科", "[依托学科]<>'其他'"),
        ">=", 3))),
    Target("M8.1", by(2026, MIN1(count(SCHOOL, "T(铸牢示范校)"))), at=["盟市"]),
    yearly("M8.2", SCHOOL, "[经典诵读活动]", full=False, point=S), Task("M8.3", YEARS, each=True),
    yearly("M8.4", SCHOOL, "[校园标识规范]", point=S), yearly("M8.5", SCHOOL, "[红色校史资源]",
        full=False, point=S),
    # the annexes in outline
    Task("MD.1", (2024,)),
    Target("M9.1", each(keeps(percent("公布普惠覆盖率")))),
    Target("M9.2", by(2026, MIN1(over_plan(rows("优质学位建设", "[竣工]", "[新增学位]"))))),
    Target("M9.4", each(keeps(units(("中小学", "[随班就读学生]",
        "[随班就读学生]+[附设特教班学生]"), ("特教学校", "0", "[义务教育阶段学生]"),
            ("旗县", "0", "[送教上门学生]"), dens=True))), point=S),
    Target("M9.3", each(keeps(share("普通高中", "1",
        "T(示范高中) OR T(特色高中) OR T(县域优质高中)")))),
    Target("M10.1", each(grows(SCIENTISTS))),
    categories("M10.2", "高研院项目", "需求领域", "乳业 稀土 能源 先进制造",
        lambda w: MIN1(spent("高研院项目", "项目编号", w)), lambda c: by(2026, c)),
    Target("M10.4", each(keeps(row_quotient(("一流专业", "1#", "0"), ("专业年报", "0", "1#"))))),
    Target("M10.3", each(keeps(plus(rows("五大任务攻关"), rows("转化专项"),
        rows("国际联合攻关"))))),
    Target("M10.5", each(grows(units((U, "[国际学生数]")), top=None))),
    Target("M10.6", each(keeps(units((U, "[中外合作办学项目数]"))))),
    Target("M11.1", each(keeps(QUALIFIED))),
    Target("M11.2", each(keeps(plus(rows("职教专业", "[优质专业]"), rows("专业群",
        "[自治区高水平]"))))),
    Target("M11.3", each(grows(row_share("职教专业", "1", "[服务重点产业链]")))),
    Target("M11.4", each(keeps(own("[公布市域产教联合体数]")))), Target("M11.5",
        each(keeps(own("[公布行业产教融合共同体数]")))),
    # digital education, services
    Task("ME.1", (2024,)),
    Target("M12.1", each(test(row_share("智慧教育平台资源", "1", "[两年内更新]"), ">=", "0.8"))),
    Target("M12.2", by(2026, MIN1(rows("地方特色资源", "[已审核上架]"))), at=["盟市"]),
    yearly("M12.3", SCHOOL, "[校本数字资源数]>=1#", full=False),
    Target("M12.4", each(MIN1(rows("智慧教育平台资源",
        "[资源类型]='学科课程资源包' AND [新建]")))),
    Target("M12.5", each(test(distinct("智慧教育平台资源", "资源类型",
        "[资源类型] IN ('阅读指导','数字实验','课后服务','引入课程')"),
                              ">=", 4), reach=True)),
    yearly("M12.6", SCHOOL, "[平台资源用于教学]", full=False), Task("M12.7", YEARS, each=True),
    Target("M12.8", by(2026, MIN1(rows("智慧教育平台资源", "[资源类型]='共同体意识'")))),
    Target("M13.5", by(2026, FULL(part("旗县", "支持IPv6教育网站数", "教育网站数"))), at=BOTH),
    final("M13.6", U, "[校园网支持IPv6]"), Task("M13.7", (2026,)),
    final("M13.1", "中小学", "[数字校园达标]", BOTH),
    Target("M13.2", by(2026, about(count("职业院校", "T(职教数字标杆校)"), 30))),
    final("M13.3", "中小学", "[校园出口带宽]>=1000#", BOTH), final("M13.4", "中小学",
        "[到班带宽]>=100#", BOTH),
    Target("M13.8", each(grows(share("中小学", "{城乡}='乡村'",
        "[校园出口带宽]>=1000# AND [到班带宽]>=100#")))),
    yearly("M13.9", SCHOOL, "[全光纤网络]", full=False),
    Target("M13.10", each(keeps(part("义务教育学校", "网络多媒体教室", "班数"))), point=S),
    Target("M13.11", each(keeps(part(SCHOOL, "教师终端数", "专任教师数")))),
    Target("M13.12", each(keeps(share("中小学", "1", "[计算机教室间数]>=1#")))),
    Target("M13.13", each(keeps(share(SCHOOL, "1", "[学习终端应用]")))),
    yearly("M13.14", SCHOOL, "[校园物联采集]", full=False),
    Task("M14.5", YEARS, each=True), Task("M14.6", (2026,)), Task("M14.8", YEARS, each=True),
    Target("M14.1", each(FULL(part("中小学", "信息科技开齐班数", "班数")), reach=True), at=BOTH,
        point=S),
    yearly("M14.2", "中小学", "[开展人工智能教育]", full=False, point=S),
    Target("M14.3", each(keeps(rows("专业年报", "[数字技术相关]")))),
    Target("M14.4", each(grows(part(SCHOOL, "参加数字素养培训教师", "专任教师数")))),
    Target("M14.7", each(grows(part(SCHOOL, "参加素养评测教师", "专任教师数")))),
    Target("M14.9", each(MIN1(rows("教育信息化课题")))),
    yearly("M14.10", SCHOOL, "[人工智能用于教学]", full=False, point=S),
    Target("M15.1", each(grows(part("旗县", "网上办件数", "政务办件数")))),
    Target("M15.2", each(grows(part("旗县", "按时办结件数", "政务办件数")))),
    Target("M15.3", by(2026, MIN1(own("[自动化办事应用数]")))),
    Target("M15.4", each(grows(own("[跨省通办事项数]", "[高频教育事项数]")))),
    Target("M15.5", each(keeps(own("[共享数据接口数]")))),
    final("M15.6", "旗县", "[入园一件事] AND [新生入学一件事]", ["盟市"]),
    # safety
    Task("MF.1", YEARS, each=True),
    Target("M16.1", each(FULL(part(SCHOOL, "有责任人点位数", "责任点位数")), reach=True),
        at=BOTH),
    Target("M16.2", each(FULL(part(U, "高校有责任人点位数", "高校责任点位数")), reach=True),
        at=[U]),
    yearly("M16.3", SCHOOL, "[意识形态责任制]"), yearly("M16.4", U,
        "[高校意识形态责任制] AND [抵御渗透工作机制]"),
    Target("M16.5", each(FULL(row_share("涉教舆情事件", "1",
        "[首次回应用时]<=24# AND [已复盘]")), reach=True)),
    Task("M17.6", (2026,)), Task("M17.7", (2026,), n=2),
    Target("M17.1", by(2026, FULL(systems("1", "[已分类分级]")))),
    Target("M17.2", each(FULL(systems("1", "[年内已检查评估]")), reach=True)),
    Target("M17.4", each(FULL(systems("1", "[运维三阶段监管]")), reach=True)),
    Target("M17.5", each(FULL(systems("[采集生物识别]", "[生物识别合规]")), reach=True)),
    Rule("M17.R1", "旗县信息系统", "[采集生物识别] AND NOT [生物识别合规]", "系统"),
    Rule("M17.R2", "高校信息系统", "[采集生物识别] AND NOT [生物识别合规]", "系统"),
    Task("M18.3", (2024,)), Task("M18.7", YEARS, each=True, spans=quarters), Task("M18.9", YEARS,
        each=True),
    Target("M18.1", each(FULL(row_share("校园安全隐患", "1", "[已验收]")), reach=True),
        at=["旗县"]),
    categories("M18.2", "校园安全隐患", "隐患领域", "消防 燃气 电力 校车 实验室 网络 食品卫生",
               lambda w: test(row_share("校园安全隐患", w, "[按期整改]"), ">=", "0.95"), each),
    Target("M18.4", each(FULL(part(SCHOOL, "欺凌依规处置数", "欺凌事件数")), reach=True)),
    Target("M18.5", each(FULL(units((SCHOOL, "[证件有效外籍教师数]", "[外籍教师数]"),
        (U, "[高校证件有效外籍教师数]", "[高校外籍教师数]"), dens=True)), reach=True)),
    Rule("M18.R1", "校园安全隐患", "[隐患级别]='重大' AND NOT [按期整改]", "隐患编号"),
    Target("M18.6", each(keeps(units((SCHOOL, "[涉校违法事件数]")), down=True))),
    yearly("M18.8", SCHOOL, "[护校安园隐患排查]"),
    final("M19.1", SCHOOL, "[专职保安达标] AND [封闭化管理] AND [一键报警达标] AND "
        "[视频监控达标] AND [护学岗设置]", BOTH),
    final("M19.2", SCHOOL, "[专职保安达标]"), final("M19.3", SCHOOL, "[封闭化管理]"),
    final("M19.4", SCHOOL, "[一键报警达标] AND [视频监控达标]"), final("M19.8", SCHOOL,
        "[护学岗设置]"),
    final("M19.5", SCHOOL, "T(旗县级平安校园)"),
    cap("M19.6", test(share(SCHOOL, "1", "T(盟市级平安校园)"), "<=", "0.3")),
    cap("M19.7", test(share(SCHOOL, "1", "T(自治区级平安校园)"), "<=", "0.15")),
    fires("M19.R1", SCHOOL, holds(f"[重大安全责任事故] AND ({SAFE})")),
    # safeguards
    Task("S1.1", (2024,)), Task("S1.2", YEARS, each=True), Task("S1.3", (2024,), at="盟市"),
        Task("S1.4", (2024,), at=U),
    Target("S1.5", each(MIN1(own("[主要负责人专题研究次数]"))), at=["盟市"]),
    Target("S1.6", each(MIN1(own("[校长书记专题研究次数]"))), at=[U]),
    Target("S2.1", each(keeps(yuan("公布一般公共预算教育经费")))),
    hard("S2.3", "自治区", "公布一般公共预算教育经费", "公布国家财政性教育经费"),
    hard("S2.4", "自治区", "公布国家财政性教育经费", "公布教育经费总投入"),
    Target("S2.8", each(test(own("[中央补助资金支出]", "[中央补助资金到位]"), ">=", "0.9"))),
    Target("S2.2", each(keeps(own("[公布生均教育经费]")))),
    Target("S2.5", each(keeps(wan(own("[旗县预算教育经费]")))), at=["旗县"]),
    Target("S2.6", each(keeps(wan(part("旗县", "旗县预算教育经费", "旗县经费口径学生数")))),
        at=["旗县"]),
    Target("S2.7", each(grows(part("旗县", "财政教育支出执行", "财政教育支出预算"))), at=BOTH),
    Target("S2.9", each(keeps(wan(units(("旗县", "[非财政教育收入]")))))),
    Task("S3.1", (2026,)), Task("S3.6", YEARS, each=True), Task("S4.2", YEARS, each=True),
    Target("S4.3", each(MIN1(rows("先进典型", "[数据已核实] AND [媒体已报道]"))), at=["盟市"]),
]
