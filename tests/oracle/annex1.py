# SPDX-License-Identifier: Apache-2.0
"""Annex 1, basic education: what each clause asks,
defined from the text and the data dictionary."""
from fractions import Fraction

import measure
from acts import fires, gate
from checks import equal, figure, hard, term
from judge import (Answer, Check, Rule, Stages, Target, Task, all_of, any_of, by, each, grows,
    hold, on, quarters, test, yes)
from logic import before, count_true, holds, tally, varies, within
from measure import count, distinct, keys, over_years, own, plus, row_share, rows, share, units

PERCENT = Fraction(1, 100)
NEARLY = ABOUT = Fraction(1, 20)  # the plan's tolerance of 基本 and 左右
S = "09-01"  # figures of the beginning of the school year

measure.BOUNDS.update({k: (0, 100 * measure.SCALE) for k in (
    "公布普惠覆盖率", "公布公办园占比", "公布小规模学校集团化覆盖率",
    "公布盟市小规模学校集团化覆盖率", "社会认可度",
    "质量综合评价得分")})
measure.BOUNDS.update({"政府保障达标项数": (0, 15 * measure.SCALE), "教育质量达标项数": (0,
    9 * measure.SCALE)})
measure.BOOLS |= {
    "有特教资源中心", "已申请优质均衡国家评估", "已完成县级评估", "国家课程开齐开足",
    "作业管理达标", "考试管理达标",
    "睡眠管理达标", "部属高校托管", "组团式帮扶", "普职融通课程", "职业体验课程",
    "工资按时足额", "统筹管理试点",
    "各学科教师配齐", "建设达标", "语文学业补差", "实验室达标", "体育课时达标",
    "开展心理健康教育", "有监测预警机制",
    "提供咨询服务", "有干预转介机制", "艺术课程按标准开设", "劳动课时达标", "有劳动实践清单",
    "纳入监测反馈",
    "有自评机制", "已接受办学质量评价", "标准化建设达标", "选课走班", "生涯规划指导",
    "综合素质评价", "使用家庭教育读本",
    # fields of registers
    "人口集中流入地", "验收", "有适龄儿童", "公办中心园", "附设班", "竣工", "有布局规划",
    "已听证", "已公示", "任务目标明确",
    "建成", "目录内", "查重通过", "入选推广", "已办结", "合规", "证照齐全", "纳入平台",
    "预收费监管", "已结案", "持证",
    "查实", "已处理", "新任", "开设特教课程", "已通报", "完成集中培养", "组建工作室",
    "跟踪问效", "基层骨干主持", "学校确认",
    "完成集中培养", "跨学科", "共享", "面向中小学生", "可用", "运行正常", "已核验"}
measure.OWNERS.update({
    "扶持幼儿园名册": "旗县", "乡镇学前": "旗县", "学前建设项目": "旗县",
    "学校布局调整": "旗县", "优质学位建设": "旗县",
    "实验任务书": "盟市", "示范园评估": "盟市", "教材选用备案": "中小学",
    "教学改革案例": "盟市", "群众反映办理": "旗县",
    "课后服务资源": "旗县", "校外培训机构": "旗县", "校外培训案件": "旗县",
    "校外培训执法员": "旗县",
    "违规招生处理": "盟市", "局长培训": "旗县", "师范专业": "高校", "抢挖教师处理": "盟市",
    "名师名校长": "旗县",
    "教学基本功比赛": "盟市", "教学能手带头人": "旗县", "教师培训班": "盟市",
    "紧缺学科骨干培训": "旗县",
    "区域教研联合体": "盟市", "教研课题": "盟市", "骨干教研员培训": "盟市", "跟岗实践": "盟市",
    "教研员包联": "中小学",
    "驻校教研活动": "中小学", "科学实践活动": "旗县", "学生体育竞赛活动": "盟市",
    "优质艺术课程资源": "盟市",
    "美育展演": "旗县", "劳动实践基地": "旗县", "中考命题教师库": "盟市",
    "高考服务平台环节": "自治区",
    "家庭教育讲座": "盟市", "校家社协同中心": "旗县"})


def percent(item):
    at = own(f"[{item}]")
    return lambda frame, unit: at(frame, unit).scaled(PERCENT)


def ratio(first, second):
    """Two measures that share no cell, divided."""
    def at(frame, unit):
        a, b = first(frame, unit), second(frame, unit)
        if b.hi == 0:  # nothing at all, or beyond all bounds (C06)
            known = a.lo == a.hi and a.lo > 0
            return measure.Value(measure.INF, measure.INF) if known else measure.NONE
        lo = Fraction(0) if b.hi == measure.INF else a.lo / b.hi
        hi = 0 if not a.hi else measure.INF if not b.lo or a.hi == measure.INF else a.hi / b.lo
        return measure.Value(lo, hi)
    return at


def nested(base, check):
    """A share of the numerator's set: where that is empty there is nothing to judge (C37)."""
    def at(frame, unit):
        got = check(frame, unit)
        return Answer("na", got.lo, got.hi) if base(frame, unit).hi == 0 else got
    return at


def categories(ident, reg, field, options, make, rung, when=None):
    """One row for each value of a choice."""
    out = []
    for o in options.split():
        check = make(f"[{field}]='{o}'")
        out += [(o, *r[1:]) for r in rung(check)]
    return Target(ident, out)


GOOD = "T(示范高中) OR T(特色高中) OR T(县域优质高中)"
MIN1 = lambda m: test(m, ">=", 1)
FULL = lambda m: test(m, ">=", 1)
C = lambda text: text.split()
YEARS = (2024, 2025, 2026)
LARGE = "[学生数]>=50#"

def uneven(kind, limit):
    """The seven resources of the schools of a county, each within a limit of variation."""
    return all_of(*[varies(kind, f"[{x}]", "[学生数]", LARGE, limit) for x in (
        "高于规定学历教师 骨干教师 体艺专任教师 教学辅助用房面积 体育运动场馆面积 教学仪器设备值 "
        "网络多媒体教室").split()])


def well_equipped(kind, *standards):
    """All larger schools reach six of the seven standards for each student."""
    met = count_true(*[holds(f"[{x}]*{v.denominator}>=[学生数]*{v.numerator}")
                       for x, v in ((x, Fraction(v)) for x, v in standards)])
    return FULL(tally(kind, holds(LARGE), test(met, ">=", 6)))


def spent(reg, field, where="1"):
    """Things that appear anywhere in the plan's years."""
    return over_years(keys(reg, field, where), YEARS)


ALL = [
    # goals
    Target("B0.1", [("", "hold", 2026, hold(percent("公布学前毛入园率"), ">=", "0.95"), False)]),
    Target("B0.2", by(2026, test(percent("公布普惠覆盖率"), ">=", "0.93"))),
    Target("B0.3", by(2026, test(percent("公布公办园占比"), ">=", "0.64"))),
    Target("B0.4", [("", "hold", 2026, hold(percent("公布义务教育巩固率"), ">=", "0.96"),
        False)]),
    Target("B0.5", by(2026, test(percent("公布高中毛入学率"), ">=", "0.95"))),
    Target("B0.6", [("", "hold", 2026, hold(units(
        ("特教学校", "[义务教育阶段学生]", "0"), ("中小学", "[随班就读学生]+[附设特教班学生]",
            "0"),
        ("旗县", "[送教上门学生]", "[适龄残疾儿童]"), dens=True), ">=", "0.97"), False)],
            point=S),
    Target("B0.7", by(2026, MIN1(count("特教学校"))), at=["旗县"],
           given=yes(own("IIF({普查人口}>=200000#, 1#, 0)"))),
    Target("B0.8", each(grows(count("义务教育学校", "T(新优质学校)"), top=None))),
    Target("B0.9", each(grows(share("普通高中", "1", GOOD)))),
    # 1 places
    Target("B1.1", each(test(distinct("扶持幼儿园名册", "园"), ">=", 100), reach=True)),
    Target("B1.2", by(2026, FULL(row_share("乡镇学前", "[有适龄儿童]",
        "[公办中心园] OR [附设班]"))), at=["旗县"]),
    Target("B1.8", each(MIN1(rows("学前建设项目",
        "[人口集中流入地] AND [举办]='公办' AND [方式] IN ('新建','改扩建')")))),
    Target("B1.9", each(grows(percent("公布公办园占比")))),
    Target("B1.10", each(MIN1(rows("学前建设项目", "[方式]='薄弱园改善'")))),
    Target("B1.7", on(2025, grows(own("[公布普及普惠县累计数]"), top=None))),
    Target("B1.3", on(2024, MIN1(count("特教学校"))), at=["旗县"],
        given=yes(own("IIF({普查人口}>200000#, 1#, 0)"))),
    Target("B1.4", on(2024, MIN1(count("特教学校", "{孤独症学校}"))), at=[("150100", "150400")]),
    Target("B1.5", on(2025, all_of(MIN1(units(("中小学", "[附设特教班]"))),
        yes(own("IIF([有特教资源中心], 1#, 0)")))),
           at=["旗县"], given=yes(own("IIF({普查人口}<200000#, 1#, 0)")), point="12-31"),
    Target("B1.11", on(2025, any_of(MIN1(count("特教学校")), all_of(
        MIN1(units(("中小学", "[附设特教班]"))), yes(own("IIF([有特教资源中心], 1#, 0)"))))),
            at=["旗县"]),
    Check("B1.6", "旗县", yes(own("IIF({普查人口}<>200000#, 1#, 0)"))),
    # 2 standards and groups
    Target("B2.8", each(test(units(("中小学", "[核定学位]-[学生数]")), ">=", 0)), at=["旗县"],
        point=S),
    Task("B2.9", (2024, 2025, 2026), each=True, at="盟市"),
    Target("B2.10", each(FULL(units(("中小学", "[寄宿床位]", "[寄宿学生]"), dens=True))),
        at=["旗县"], point=S),
    Rule("B2.R1", "学校布局调整",
        "[方式]='撤并' AND NOT ([有布局规划] AND [已听证] AND [已公示])", "学校"),
    Task("B2.11", (2024, 2025, 2026), each=True, at="盟市"),
    Task("B2.1", (2024,)), Task("B2.2", (2024,)), Task("B2.3", (2024,)), Task("B2.4", (2024,)),
    Target("B2.5", on(2025, test(percent("公布盟市小规模学校集团化覆盖率"), ">=", "0.8")),
        at=["盟市"]),
    Target("B2.6", by(2026, test(units(("自治区", "[公布集团化学校数]", "[公布中小学幼儿园总数]"),
        dens=True), ">=", "0.5"))),
    Target("B2.7", by(2026, FULL(percent("公布小规模学校集团化覆盖率")))),
    # 3 good schools
    Target("B3.4", each(test(rows("优质学位建设", "[竣工]", "[新增学位]"), ">", 0))),
    Target("B3.1", on(2024, FULL(share("义务教育学校", "{新优质培育}",
        "[成长规划年限] BETWEEN 3# AND 5#")), reach=True),
           at=["盟市"]),
    Target("B3.2", each(grows(units(("普通高中", f"IIF({GOOD}, [招生数], 0)")), top=None)),
        point=S),
    Target("B3.3", by(2025, test(units(("普通高中", "IIF(T(示范高中), [学生数], 0)",
        "[学生数]"), dens=True),
                                 ">=", "0.55")), point=S),
    # 4 balanced education
    Target("B4.4", on(2025, grows(own("[公布优质均衡县累计数]"), top=None))),
    Target("B4.1", on(2024, test(own("[公布优质均衡先行试点县数]"), ">=", 4), reach=True)),
    Task("B4.9", (2024,)),
    Check("B4.5", "R", equal(own("[公布优质均衡县累计数]"), plus(
        before(own("[公布优质均衡县累计数]")), own("[公布优质均衡县当年新增数]")))),
    Check("B4.6", "R", term(count("旗县", "T(优质均衡县)")) <= figure(
        "公布优质均衡县累计数")),
    gate("B4.7", "旗县", uneven("小学", "0.5"), S), gate("B4.8", "旗县", uneven("初中", "0.45"), S),
    gate("B4.13", "旗县", all_of(
        well_equipped("小学", ("高于规定学历教师", "0.042"), ("骨干教师", "0.01"),
            ("体艺专任教师", "0.009"), ("教学辅助用房面积", "4.5"), ("体育运动场馆面积", "7.5"),
            ("教学仪器设备值", 2000), ("网络多媒体教室", "0.023")),
        well_equipped("初中", ("高于规定学历教师", "0.053"), ("骨干教师", "0.01"),
            ("体艺专任教师", "0.009"), ("教学辅助用房面积", "5.8"),
            ("体育运动场馆面积", "10.2"), ("教学仪器设备值", 2500),
            ("网络多媒体教室", "0.024"))), S),
    gate("B4.14", "旗县", all_of(test(own("[政府保障达标项数]"), ">=", 15),
        test(own("[教育质量达标项数]"), ">=", 9), test(percent("社会认可度"), ">=", "0.85"))),
    Target("B4.2", on(2025, FULL(share("旗县", "1", "[已申请优质均衡国家评估]"))),
        at=[("150300", "150600")]),
    Target("B4.3", by(2026, test(ratio(own("[公布优质均衡县累计数]"), count("旗县")), ">",
        "0.1"))),
    # 5 pilots
    Stages("B5.1", [("认定", 2024), ("中期", 2025), ("建成", 2026)]),
    categories("B5.3", "实验任务书", "类别",
        "学前普及普惠制度保障 保育质量提升 义务教育教学改革 科学教育 人工智能",
               lambda w: MIN1(rows("实验任务书", w)), lambda c: on(2024, c)),
    Target("B5.4", on(2024, FULL(row_share("实验任务书", "1", "[任务目标明确]")), reach=True)),
    Target("B5.5", on(2025, FULL(row_share("实验任务书", "1", "[中期结论]<>'未评'")),
        reach=True)),
    Target("B5.2", by(2026, test(distinct("实验任务书", "单位", "[建成]"), ">=", 100))),
    Target("B5.6", by(2026, MIN1(rows("实验任务书", "1", "[推广做法]")))),
    # 6 kindergartens
    Target("B6.5", on(2024, test(own("[保教评估计划年限]"), "range", 3, 5)), at=["旗县"]),
    Stages("B6.1", [("启动", 2024), ("基本全覆盖", 2026)]),
    Target("B6.6", by(2026, test(share("幼儿园", "1", "[已完成县级评估]"), "nearly", 1,
        tol=NEARLY)), at=["R", "旗县"]),
    Task("B6.7", (2024,)),
    Target("B6.2", each(test(distinct("示范园评估", "园", "[结论]='认定'"), "about", 100,
        tol=ABOUT), reach=True)),
    Target("B6.3", by(2026, test(share("幼儿园", "{公办} AND NOT {附设班}",
        "T(自治区级示范园)"), ">=", "0.2"))),
    Target("B6.4", by(2026, MIN1(own("DEG(示范园帮扶||薄弱园)"))), at=["幼儿园"],
           given=yes(own("IIF(T(自治区级示范园), 1#, 0)"))),
    # 7 curriculum
    Stages("B7.5", [("部署", 2024), ("巩固", 2025), ("全面落实", 2026)]),
    Target("B7.6", on(2026, FULL(share("中小学", "1", "[国家课程开齐开足]")), reach=True),
        at=["盟市"], point=S),
    Target("B7.1", by(2026, test(count("中小学", "T(课程改革试点校)"), ">=", 100))),
    Task("B7.7", (2026,)),
    Target("B7.8", by(2026, MIN1(count("中小学", "T(课程改革样板校)")))),
    Task("B7.9", (2024, 2025, 2026), each=True), Task("B7.3", (2024,)),
    Target("B7.2", on(2024, test(distinct("教学改革案例", "案例", "[入选推广]"), ">=", 50),
        reach=True)),
    Task("B7.10", (2025,)), Task("B7.11", (2026,)),
    Stages("B7.4", [("标准与平台", 2024), ("高中", 2025), ("义务教育", 2026)]),
    Target("B7.12", on(2025, FULL(share("普通高中", "1",
        "N(册次.教材选用备案|[目录内])>=[应备案教材]")), reach=True),
           point=S),
    Target("B7.13", on(2026, FULL(share("义务教育学校", "1",
        "N(册次.教材选用备案|[目录内])>=[应备案教材]")), reach=True),
           point=S),
    Rule("B7.R1", "教材选用备案", "NOT [目录内]", "册次"),
    # 8 burden reduction
    Task("B8.3", (2024, 2025, 2026), each=True),
    Target("B8.4", each(FULL(row_share("群众反映办理", "1", "[已办结]")), reach=True),
        at=["旗县"]),
    Rule("B8.R1", "群众反映办理", "[用时]>15#", "编号"),
    Target("B8.5", each(FULL(share("义务教育学校", "1",
        "[作业管理达标] AND [考试管理达标] AND [睡眠管理达标]")), reach=True),
           at=["旗县"], point=S),
    Target("B8.6", each(grows(units(("义务教育学校", "[参加课后服务学生]", "[学生数]"),
        dens=True))), point=S),
    categories("B8.7", "课后服务资源", "类别", "德育实践 文艺体育 科技创新 劳动教育",
               lambda w: MIN1(rows("课后服务资源", w + " AND [合规]")), each),
    Task("B8.8", (2024,)),
    Target("B8.9", on(2024, grows(own("[户均校外培训支出]"), down=True, top=None))),
    Target("B8.12", each(FULL(row_share("校外培训案件", "1", "[已结案]")), reach=True),
        at=["盟市"]),
    Target("B8.1", by(2024, test(distinct("校外培训执法员", "人员", "[持证]"), ">=", 2)),
        at=["旗县"]),
    Stages("B8.2", [("长效机制", 2024), ("监管体系", 2025), ("全面规范", 2026)]),
    Target("B8.10", on(2026, FULL(row_share("校外培训机构", "1",
        "[证照齐全] AND [纳入平台] AND [预收费监管]")), reach=True),
           at=["盟市"]),
    # 9 upper secondary
    Task("B9.7", (2024,)), Task("B9.4", (2025,), n=3),
    Target("B9.1", by(2025, test(count("普通高中", "T(示范高中)"), ">=", 60))),
    Target("B9.2", by(2025, test(count("普通高中", "T(特色高中)"), ">=", 20))),
    Target("B9.3", by(2025, MIN1(count("普通高中", "T(县域优质高中)"))), at=["旗县"],
        given=MIN1(count("普通高中"))),
    Target("B9.8", [("", "hold", 2026, hold(count("普通高中", "[部属高校托管] OR [组团式帮扶]"),
        ">=", 1), False)]),
    Target("B9.5", by(2025, MIN1(own("DEG(县中托管||薄弱县中)"))), at=["普通高中"],
           given=yes(own("IIF(T(示范高中), 1#, 0)"))),
    Target("B9.9", by(2025, MIN1(own("DEG(师范院校托管||薄弱县中)"))), at=["高校"],
        given=yes(own("IIF({师范类}, 1#, 0)"))),
    Target("B9.6", by(2025, FULL(share("普通高中", "{薄弱县中}",
                                       "DEG(县中托管)>=1# OR DEG(师范院校托管)>=1# OR "
                                           "[部属高校托管] OR [组团式帮扶]"))),
           at=["R", "盟市"]),
    Target("B9.10", by(2026, MIN1(count("普通高中", "[普职融通课程]"))), point=S),
    fires("B9.R1", "普通高中", test(own("[未经批准跨区域录取]"), ">", 0), S),
    Task("B9.11", (2024, 2025, 2026), each=True),
    Target("B9.12", each(test(units(("普通高中", "[未经批准跨区域录取]")), "<=", 0)),
        at=["盟市"], point=S),
    Target("B9.13", each(FULL(row_share("违规招生处理", "[查实]", "[已处理]")), reach=True)),
    # 10 inclusive education
    Task("B10.4", (2024,)),
    Target("B10.5", each(grows(units(("特教学校", "[教师参加特教培训]", "[专任教师数]"),
        dens=True)))),
    Target("B10.1", on(2025, test(count("特教学校", "DEG(特教普校共建|0)>=1#"), ">=", 12),
        reach=True)),
    Target("B10.2", on(2026, all_of(MIN1(count("特教学校", "T(特教职教融合试点校)")),
                                    MIN1(count("普通高中", "T(普职融合育人试点校)"))))),
    Target("B10.6", by(2026, MIN1(count("初中", "[职业体验课程]"))), point=S),
    Target("B10.3", each(test(units(("旗县", "[特教公用经费拨付]", "[送教上门学生]"),
                                    ("特教学校", "0", "[义务教育阶段学生]"),
                                    ("中小学", "0", "[随班就读学生]+[附设特教班学生]"),
                                        dens=True), ">=", 7000),
                         years=(2025, 2026)), at=["旗县"]),
    # 11 heads of education
    Task("B11.2", (2026,)), Task("B11.3", (2024, 2025, 2026), each=True, spans=quarters),
    Target("B11.1", each(test(distinct("局长培训", "人员", "[层级]='全国' AND [新任]"), "range",
        3, 5))),
    Target("B11.4", each(grows(distinct("局长培训", "人员"), top=None))),
    # 12 kindergarten and special teachers
    Task("B12.4", (2024,)),
    fires("B12.R1", "幼儿园", holds("[持证教职工]<[教职工数]"), S),
    Target("B12.5", each(grows(units(("幼儿园", "[专科及以上专任教师]", "[专任教师数]"),
        dens=True))), point=S),
    Target("B12.1", each(FULL(units(("幼儿园", "[持证教职工]", "[教职工数]"), dens=True)),
        reach=True), at=["R", "旗县"],
           point=S),
    Target("B12.2", each(FULL(share("幼儿园", "{公办}", "[工资按时足额]")), reach=True),
        at=["R", "盟市"], months=True),
    Target("B12.6", on(2025, FULL(row_share("师范专业", "1", "[开设特教课程]")), reach=True)),
    Target("B12.7", on(2025, grows(units(("高校", "[特教公费师范生招生]")), top=None))),
    Target("B12.8", on(2026, grows(units(("本科高校", "[特教专业本科招生]")), top=None))),
    # 13 posts
    Task("B13.6", (2024, 2025, 2026), each=True, at="盟市"),
    Target("B13.11", each(test(units(("中小学", "[在编教师]", "0"), ("旗县", "0",
        "[中小学核定编制]"), dens=True),
                               "<=", 1)), at=["旗县"], point=S),
    Target("B13.7", by(2026, FULL(share("中小学", "1", "[各学科教师配齐]"))), at=["旗县"],
        point=S),
    Task("B13.1", (2024,)), Task("B13.8", (2025,)),
    Target("B13.14", on(2025, MIN1(count("旗县", "[统筹管理试点]")))),
    Target("B13.2", each(test(units(("中小学", "[交流教师]", "[应交流教师]"), dens=True), ">=",
        "0.1"))
           + each(nested(units(("中小学", "[交流教师]")), test(units(("中小学", "[骨干交流教师]",
               "[交流教师]"), dens=True), ">=", "0.2")), part="骨干"),
           at=["盟市", "旗县"], point=S),
    Target("B13.3", each(test(rows("抢挖教师处理", "[查实]"), "<=", 0)), at=["盟市"]),
    Task("B13.10", (2024,)), Task("B13.12", (2025,)),
    hard("B13.4", "中小学", "交流教师", "应交流教师", S),
    hard("B13.5", "中小学", "骨干交流教师", "交流教师", S),
    Target("B13.9", on(2026, varies("义务教育学校", "[骨干教师]", "[学生数]", "1", "0.5")),
        at=["旗县"], point=S),
    Rule("B13.R1", "抢挖教师处理", "[查实] AND NOT [已通报]", "件号"),
    # 14, 15 outstanding teachers, training
    Task("B14.2", (2024,)),
    Target("B14.1", on(2024, test(distinct("名师名校长", "人员"), ">=", 60), "2024", True)
           + on(2025, test(distinct("名师名校长", "人员"), ">=", 70), "2025", True)
           + by(2026, test(spent("名师名校长", "人员"), ">=", 200), "2026")),
    Target("B14.3", by(2026, FULL(within(3, row_share("名师名校长", "1", "[完成集中培养]"))))),
    Target("B14.4", by(2026, MIN1(within(3, rows("名师名校长", "[组建工作室]"))))),
    Task("B15.4", (2024,)),
    categories("B15.5", "教学基本功比赛", "级别", "校本 旗县 盟市 自治区",
        lambda w: MIN1(spent("教学基本功比赛", "场次", w)), lambda c: by(2026, c)),
    Target("B15.1", on(2024, test(distinct("教学能手带头人", "人员"), ">=", 300), reach=True)),
    Target("B15.6", each(FULL(row_share("教师培训班", "[项目] IN ('国培','区培')",
        "[跟踪问效]")), reach=True)),
    categories("B15.7", "教师培训班", "层级", "国家 自治区 盟市 旗县 学校",
        lambda w: MIN1(rows("教师培训班", w)), each),
    Target("B15.8", each(grows(distinct("紧缺学科骨干培训", "人员"), top=None))),
    Target("B15.9", each(all_of(MIN1(rows("教师培训班", "[项目]='特殊教育'")),
                                MIN1(rows("教师培训班", "[项目]='数字素养'"))))),
    Target("B15.2", each(test(distinct("教师培训班", "班次", "[项目]='特色科学教师研修'"), ">=",
        2), reach=True)),
    Task("B15.10", (2024, 2025, 2026), each=True),
    Target("B15.3", by(2026, FULL(units(("学校", "[接受一对一帮扶教师]", "[专任教师数]"),
        dens=True))), at=["旗县"],
           given=yes(own("IIF({边境旗县}, 1#, 0)")), point=S),
    # 16 to 18 research
    Target("B16.5", each(grows(row_share("教研课题", "1", "[基层骨干主持]")))),
    Target("B16.6", by(2026, FULL(row_share("教研课题", "[状态]<>'终止'", "[状态]='结题'")))),
    Target("B16.1", on(2024, test(distinct("区域教研联合体", "联合体"), ">=", 4), reach=True)),
    Target("B16.2", on(2024, test(distinct("教研课题", "科目"), ">=", 45), reach=True)),
    Target("B16.3", on(2024, test(distinct("教研课题", "课题"), ">=", 179), reach=True)),
    Target("B16.7", by(2026, MIN1(count("学校", "T(学科教研基地)")))),
    Task("B16.4", (2025,)), Task("B16.8", (2025,)),
    Target("B17.6", each(grows(share("教研机构", "1", "[建设达标]")))),
    Task("B17.3", (2024,)), Task("B17.4", (2024,)), Task("B17.5", (2024,)),
    Target("B17.1", by(2026, test(count("教研机构", "T(自治区级示范教研机构)"), ">=", 10))),
    Target("B17.2", by(2026, test(spent("骨干教研员培训", "人员"), ">=", 3000))),
    Task("B17.7", (2024,)),
    categories("B17.8", "跟岗实践", "类别", "校长 一线骨干教师 教研员",
               lambda w: MIN1(distinct("跟岗实践", "人员", w)), each),
    Target("B17.9", by(2026, FULL(share("中小学", "{城乡}='乡村' OR {薄弱校} OR {原民族语言授课}",
                                        "N(教研员包联|[学校确认])>=1#"))), at=["盟市"]),
    Target("B18.1", each(grows(share("中小学", "{原民族语言授课}", "DEG(支教走教)>=1#")))),
    Target("B18.3", [(o, "each", y, MIN1(rows("驻校教研活动", f"[形式]='{o}' AND [学校确认]")),
        False) for y in YEARS for o in C("驻校教研 订单教研 一对一指导 示范课 集体备课 同课异构 "
                                         "诊断答疑 跟岗培训 影子培训")], school=True),
    Task("B18.2", (2026,)), Task("B18.4", (2024, 2025, 2026), each=True),
    Target("B18.5", each(grows(units(("中小学", "IIF({原民族语言授课}, [参加新课标培训教师], 0)",
                                      "IIF({原民族语言授课}, [专任教师数], 0)"), dens=True))),
                                      point=S),
    Target("B18.6", each(FULL(share("中小学", "{原民族语言授课}", "[语文学业补差]")),
        reach=True), point=S),
    Target("B18.7", each(grows(count("中小学", "T(课堂教学示范校)"), top=None), years=(2025,
        2026))),
    # 19 to 22 science, health, arts, labour
    Task("B19.1", (2024,)),
    Target("B19.2", by(2026, FULL(units(("中小学", "[已开实验]", "[应开实验]"), dens=True))),
        at=["盟市"], point=S),
    Target("B19.3", each(grows(share("中小学", "1", "[实验室达标]"))), point=S),
    Task("B19.4", (2024,)), Task("B19.5", (2024,)),
    categories("B19.6", "科学实践活动", "类型",
        "科学公开课 科学家精神进校园 少年科学院 流动科技馆 科学调查体验 其他",
               lambda w: MIN1(rows("科学实践活动", w)), lambda c: on(2025, c)),
    Target("B19.7", on(2025, grows(rows("科学实践活动", "1", "[参加学生]"), top=None))),
    Target("B20.6", each(FULL(share("中小学", "1", "[体育课时达标]")), reach=True), at=["盟市"],
        point=S),
    Target("B20.1", each(test(rows("学生体育竞赛活动", "[级别]='自治区'"), ">=", 20))),
    Target("B20.2", [(str(y), "at", y, test(units(("中小学", "[体测优良人数]",
        "[体测有效人数]"), dens=True), ">=", v), False)
                     for y, v in ((2024, "0.35"), (2025, "0.40"), (2026, "0.45"))]),
    Target("B20.7", each(test(units(("中小学", "[体测有效人数]", "[学生数]"), dens=True), ">=",
        "0.95")), at=["盟市"]),
    Target("B20.3", by(2026, test(units(*[(k,
        "IIF(T(全国健康学校), 1#, 0)") for k in C("中小学 幼儿园 特教学校")]),
                                  ">=", 40))),
    hard("B20.5", "中小学", "体测优良人数", "体测有效人数"),
    Task("B20.8", (2024, 2025, 2026), each=True),
    Target("B20.4", [(str(y), "at", y, test(share("中小学", "1",
        "[专职心理教师]+[兼职心理教师]>=1#"), ">=", v), True)
                     for y, v in ((2024, "0.9"), (2026, 1))], point=S),
    Target("B20.9", by(2026, test(share("中小学", "1",
        "[开展心理健康教育] AND [有监测预警机制] AND [提供咨询服务] AND "
                                        "[有干预转介机制]"), "nearly", 1, tol=NEARLY)), point=S),
    Task("B21.1", (2024, 2025, 2026), each=True),
    Target("B21.2", by(2026, FULL(share("中小学", "1", "[艺术课程按标准开设]"))), at=["盟市"],
        point=S),
    Target("B21.3", each(grows(distinct("优质艺术课程资源", "资源", "[共享]"), top=None))),
    Target("B21.9", by(2026, MIN1(rows("优质艺术课程资源", "[跨学科]")))),
    Task("B21.4", (2024,)), Task("B21.10", (2024, 2025, 2026), each=True),
    Target("B21.5", each(grows(count("中小学", "DEG(高校美育帮扶)>=1#"), top=None), years=(2025,
        2026))),
    Target("B21.6", by(2026, test(share("中小学", "{乡村美育薄弱}", "DEG(高校美育帮扶)>=1#"),
        "nearly", 1, tol=NEARLY))),
    Target("B21.7", each(grows(share("中小学", "{城乡}='乡村'", "DEG(美育手拉手)>=1#")))),
    categories("B21.8", "美育展演", "级别", "学校 旗县 盟市 自治区",
        lambda w: MIN1(rows("美育展演", w)), each),
    Target("B21.11", each(grows(tally("旗县", MIN1(count("中小学",
        "DEG(高校美育帮扶)>=1#"))), top=None), years=(2025, 2026))),
    Task("B21.12", (2024, 2025, 2026), each=True),
    Target("B22.1", each(FULL(share("中小学", "1", "[劳动周次数]>=1#")), reach=True),
        at=["旗县"], school=True),
    Target("B22.6", each(FULL(share("中小学", "1", "[劳动课时达标]")), reach=True), at=["盟市"],
        point=S),
    Task("B22.2", (2025,)),
    Target("B22.3", by(2026, FULL(share("中小学", "1", "[有劳动实践清单]"))), at=["R", "旗县"],
        point=S),
    Target("B22.4", by(2025, test(count("中小学", "T(劳动教育实验校)"), ">=", 300))),
    Target("B22.5", by(2025, MIN1(rows("劳动实践基地", "[面向中小学生]"))), at=["旗县"]),
    Target("B22.7", each(grows(share("中小学", "1", "[劳模工匠进校园次数]>=1#"))), school=True),
    Task("B22.8", (2024, 2025, 2026), each=True),
    # 23 to 25 evaluation, examinations, families
    Task("B23.1", (2024,)), Task("B23.2", (2024,)), Task("B23.5", (2024,)),
    Target("B23.6", each(grows(share("义务教育学校", "1", "[标准化建设达标]")))),
    *[Target(i, on(y, FULL(share(k, "1", f"[{x}]")), reach=True)) for i, y, k, x in (
        ("B23.3", 2025, "幼儿园", "已接受办学质量评价"), ("B23.9", 2025, "普通高中",
            "已接受办学质量评价"),
        ("B23.10", 2025, "特教学校", "已接受办学质量评价"), ("B23.4", 2026, "幼儿园",
            "纳入监测反馈"),
        ("B23.11", 2026, "小学", "纳入监测反馈"), ("B23.12", 2026, "初中", "纳入监测反馈"),
        ("B23.13", 2026, "普通高中", "纳入监测反馈"), ("B23.14", 2026, "特教学校",
            "纳入监测反馈"),
        ("B23.8", 2026, "中小学", "有自评机制"), ("B23.15", 2026, "幼儿园", "有自评机制"))],
    Task("B24.4", (2025,)),
    Target("B24.1", by(2024, MIN1(distinct("中考命题教师库", "人员", "[可用]")))),
    Task("B24.5", (2025, 2026), each=True), Task("B24.6", (2024, 2025, 2026), each=True),
    Stages("B24.2", [("初中地理生物结业", 2024), ("纸笔考试科目", 2025)]),
    categories("B24.7", "高考服务平台环节", "环节", "报名 考试 填报志愿 录取",
               lambda w: MIN1(rows("高考服务平台环节", w + " AND [运行正常]")),
                   lambda c: by(2026, c)),
    Target("B24.8", by(2026, FULL(share("普通高中", "1",
        "[选课走班] AND [生涯规划指导] AND [综合素质评价]"))), at=["盟市"],
           point=S),
    Task("B24.9", (2024,)), Task("B24.3", (2025,)),
    Task("B25.1", (2024,)), Task("B25.3", (2024,)), Task("B25.4", (2024,)), Task("B25.5", (2024,
        )),
    Task("B25.2", (2025,)),
    Target("B25.6", each(MIN1(distinct("家庭教育讲座", "场次", "[已核验]")))),
    Task("B25.7", (2024, 2025, 2026), each=True, n=2),
    Target("B25.8", each(grows(share("学校", "1", "[使用家庭教育读本]"))), point=S),
    Target("B25.9", each(grows(share("旗县", "1", "N(校家社协同中心)>=1#")))),
]
