# SPDX-License-Identifier: Apache-2.0
"""Annex 3, vocational education: what each clause asks,
defined from the text and the data dictionary."""
import measure
from acts import Sample, fires, gate
from annex1 import ABOUT, FULL, MIN1, S, categories, ratio
from checks import equal, figure, hard, term
from judge import (Check, Rule, Stages, Target, Task, all_of, by, compare, each, fired, grows,
    holders, keeps, listed, on, quarters, said, test, truth, yes)
from logic import among, at_least, before, days, holds, no, sum_where, tally, within
from measure import (Sql, bounds, completions, count, distinct, keys, mean_of, over_years, own,
    plus, row_share, rows, share, units)

YEARS = (2024, 2025, 2026)
measure.BOOLS |= {
    "服务重点产业链", "优质专业", "自治区高水平", "完成", "期满", "复核达标", "租借",
    "新增专业", "已审核", "抽查合格",
    "落实实训标准", "含公共艺术课", "在规划目录", "审定有效", "服务五大任务", "新业态",
    "专业课教师", "企业确认", "接收方确认",
    "主持人在岗", "校外有使用", "在运行", "与定位不符", "区外", "对方确认", "成果案例",
    "依托职业院校", "三科统编教材",
    "体育课开足", "心理健康课程", "公共艺术开课", "专类达标核定", "开设公共艺术课程"}
measure.BOUNDS["公布高职专科招生数"] = (43368 * measure.SCALE, measure.INF)
measure.UNFILED |= {"达标整改", "职教名师团队", "职教数字资源"}
measure.OWNERS.update({k: "职业院校" for k in (
    "职教专业 专业群 协同培养 土地房产证 达标整改 培养方案 教材选用 双师认定 企业实践 校企互派 "
        "教师培训 职教名师团队 职教数字资源 "
    "劳模工匠工作室 专业调整 专业共建 订单合同 校企合作 职业培训班 职教培训学院 国际化项目 "
        "合作办学储备").split()})
measure.OWNERS.update({"中职整合": "盟市", "院校设置规划": "自治区", "规划教材": "自治区",
    "市域产教联合体": "盟市",
                       "行业产教融合共同体": "自治区", "产教融合型企业": "盟市",
                       "终身教育机构": "盟市",
                       "中职劳模导师": "中职"})
about = lambda m, v: test(m, "about", v, tol=ABOUT)
item = lambda x: yes(own(f"IIF([{x}], 1#, 0)"))
VOC = "职业院校"
DUAL = ratio(distinct("双师认定", "教师", "[专业课教师]"), units((VOC, "[专业课教师数]")))

def each_kind(*exprs):
    """A figure that institutions of each kind report under its own name."""
    return list(zip(("中职", "高职", "职业本科"), exprs))


def by_kind(exprs, more="{}", *divisor):
    """An expression over an institution's own figures, {} being the one of its kind."""
    made = {kind: own(*[e.format(x) for e in (more, *divisor)]) for kind, x in exprs}
    return lambda frame, unit: made[frame.region.kind(unit, frame.day)](frame, unit)


# Conditions of running an institution: secondary schools, colleges by their category.
STUDENTS = each_kind("[学生数]", "[折合在校生数]", "[本科折合在校生数]")
TEACHERS = each_kind("[专任教师数]", "[专任教师数]", "[专任教师数]")
a_student = lambda x, op, v: test(by_kind(STUDENTS, x, "{}"), op, v)
equipped = lambda v: a_student("[仪器设备值]*10000", ">=", v)
read = lambda v: a_student("[纸质图书]", ">=", v)
SECONDARY = all_of(
    test(own("[占地面积]"), ">=", 40000), a_student("[占地面积]", ">=", 33),
    test(own("[校舍建筑面积]"), ">=", 24000), a_student("[校舍建筑面积]", ">=", 20),
    test(units(("中职", "[专任教师数]")), ">=", 60),
    test(by_kind(STUDENTS, "{}", "[教师折合数]"), "<=", 20),
    test(own("[仪器设备值]*10000"), ">=", 3000000), equipped(2500), read(30))
GRADUATES = test(by_kind(TEACHERS, "[研究生学位教师]", "{}"), ">=", "0.15")


def college(students_a_teacher, rooms, equipment, books):
    return all_of(test(by_kind(STUDENTS, "{}", "[教师折合数]"), "<=", students_a_teacher),
                  GRADUATES, a_student("[教学行政用房]", ">=", rooms), equipped(equipment),
                  read(books))


COLLEGE = among("达标类别", {
    "体育": college(13, 22, 4000, 50), "艺术": college(13, 18, 4000, 60),
    "语文财经政法": college(18, 9, 3000, 80), "工农林医": college(18, 16, 4000, 60)},
    college(18, 14, 4000, 80))
FIT = among("达标类别", {"一般": SECONDARY, "专类": item("专类达标核定")}, COLLEGE)
ASKED = holds("{达标纳入}")
QUALIFIES = all_of(ASKED, FIT)
FAILS = all_of(ASKED, no(QUALIFIES))
QUALIFIED = tally(VOC, ASKED, FIT)
FITS = tally(VOC, QUALIFIES)
order = lambda where: MIN1(rows("达标整改", where))
PRIVATE = lambda frame, unit: holds("NOT {公办}" if frame.region.kind(unit, frame.day) == "中职"
                                    else "{民办}")(frame, unit)

# The other halves of each kind's own figures.
FITNESS = units(("中职", "[中职优良人数]", "[中职测试人数]"), ("高职", "[体测优良人数]",
    "[体测有效人数]"), ("职业本科", "[体测优良人数]", "[体测有效人数]"), dens=True)
TESTED = units(("中职", "[中职测试人数]", "[中职应测人数]"), ("高职", "[体测有效人数]",
    "[体测应测人数]"), ("职业本科", "[体测有效人数]", "[体测应测人数]"), dens=True)
STAFF = units(*TEACHERS)
CHAINS = own("DEG(产业链对接|0)+DEG(产业链本科对接|0)")


def trained(years, where="1"):
    """Different teachers trained in the last years, as a share of all."""
    return ratio(within(years, distinct("教师培训", "教师", where)), STAFF)


def institutions(secondary, college):
    """A share of all institutions, secondary schools and colleges each by their own figure."""
    return units(*[(k, f"IIF({x}, 1#, 0)", "1#") for k, x in
                   each_kind(secondary, college, college)], dens=True)


class FewFindWork(Rule):
    """Less than half of the graduates of a major found work; of three years where this year's are
    few."""

    def answer(self, region, row, day):
        def less(found, graduates):
            sql = Sql(f"[{found}]", f"[{graduates}]")
            part = completions(region.db, sql, (), lambda k: row.get(k[1]))
            return compare(bounds([part], True), "<", "0.5").is_

        says = {"yes": ["落实人数 毕业人数"], "no": ["近三年落实人数 近三年毕业人数"]}
        many = said(region, self.conditions[0], lambda k: row.get(k[1]))
        got = {less(*x.split()) for x in says.get(many, says["yes"] + says["no"])}
        return fired(got.pop() if len(got) == 1 else "unknown", region.as_of, day)


def in_a_row(n, check):
    """In each of the last n years; a year that cannot be judged breaks the run (C25)."""
    def at(frame, unit):
        says = []
        for _ in range(n):
            says.append(check(frame, unit).is_)
            frame = frame.before()
        return truth("no" if "no" in says or "na" in says else "unknown" if "unknown" in says
                     else "yes")
    return at


ALL = [
    Target("V0.1", by(2026, about(count("中职", "T(优质中职)"), 40))),
    Target("V0.2", by(2026, about(distinct("职教专业", "专业", "[优质专业]"), 100))),
    Target("V0.4", by(2026, about(count(VOC, "T(高水平高职)"), 8))),
    Target("V0.5", by(2026, about(rows("专业群", "[自治区高水平]"), 25))),
    Target("V0.6", by(2026, test(DUAL, ">=", "0.75"))),
    Target("V0.7", by(2026, FULL(QUALIFIED))),
    Target("V0.8", by(2026, test(CHAINS, ">=", 2)), at=["产业链"]),
    Target("V0.3", each(keeps(units((VOC, "[落实毕业生数]", "[毕业生数]"), dens=True))),
        point="08-31"),
    Target("V0.9", by(2026, MIN1(plus(rows("职教专业", "[服务重点产业链]"), rows("专业群",
        "[服务重点产业链]")))), at=[VOC]),
    Target("V0.10", [("", "by", 2026, test(mean_of(rows("职业培训班", "1", "[人次]"), YEARS),
        ">=", 100000), True)]),
    # 1 to 4 the system
    Task("V1.6", (2026,), at="盟市"),
    Target("V1.7", each(keeps(count("中职", "{空小散弱}"), down=True))),
    Target("V1.1", by(2026, MIN1(count("中职", "{职教中心}"))), at=["旗县"],
        given=yes(own("IIF({普查人口}>=100000#, 1#, 0)"))),
    Task("V1.8", (2026,)),
    Stages("V1.2", [("自评", 2024), ("中期", 2024), ("终期", 2025)]),
    Target("V1.3", on(2025, about(count("中职", "T(优质中职)"), 40))),
    Target("V1.5", on(2025, about(distinct("职教专业", "专业", "[优质专业]"), 100))),
    Target("V1.10", on(2026, MIN1(own("DEG(中职对口支援||县域薄弱)"))), at=["中职"],
        given=yes(own("IIF(T(优质中职), 1#, 0)"))),
    Target("V1.11", on(2026, FULL(share("中职", "{县域薄弱}", "DEG(中职对口支援)>=1#")),
        reach=True)),
    Target("V1.4", on(2026, MIN1(rows("职教专业", "[优质专业]"))), at=["中职"]),
    Target("V1.12", by(2026, MIN1(own("DEG(高职帮扶中职)"))), at=["高职"]),
    Task("V1.13", (2026,)), Task("V1.9", (2024,), at=holders("双优计划校")),
    Task("V2.6", YEARS, each=True),
    Target("V2.1", on(2024, test(count(VOC, "T(国家双高通过)"), ">=", 3), reach=True)),
    Target("V2.5", by(2026, test(count(VOC, "T(国家新双高校)"), ">=", 3))),
    Stages("V2.7", [("建设完成", 2025), ("终期评价", 2025)]),
    Target("V2.2", on(2025, about(count(VOC, "T(高水平高职)"), 8))),
    Target("V2.4", on(2025, about(rows("专业群", "[自治区高水平]"), 25))),
    Target("V2.3", on(2026, MIN1(own("DEG(高职结对||T:高水平高职)"))), at=["高职"],
        given=holds("NOT T(高水平高职)")),
    Task("V2.8", (2026,)), Task("V2.9", (2026,)),
    Target("V4.2", each(grows(own("[公布专升本人数]"), top=None))),
    Target("V3.1", by(2025, test(count("职业本科"), ">=", 2))),
    Task("V3.2", (2026,)),
    Check("V3.3", "R", equal(count("职业本科"), own("[公布职业本科学校数]"))),
    Task("V3.4", (2026,), at=holders("应用型本科")),
    Task("V3.6", (2024,), at=holders("应用型本科")),
    Target("V3.7", on(2026, test(rows("院校设置规划", "[类型]='职业本科'"), ">=", 2))),
    Target("V3.8", on(2026, grows(units(("职业本科", "[职业本科在校生]")), top=None))),
    Target("V4.1", [(str(y), "at", y, test(ratio(own("[公布职业本科招生数]"),
        own("[公布高职专科招生数]")), ">=", v), False)
                    for y, v in ((2025, "0.1"), (2026, "0.15"))]),
    Target("V4.9", [(str(y), "at", y, at_least(own("[公布职业本科招生数]"),
        own(f"[公布高职专科招生数]*{v}/100")), False) for y, v in ((2025, 10), (2026, 15))]),
    Check("V4.10", "R", equal(own("[公布职业本专科招生数]"),
        own("[公布职业本科招生数]+[公布高职专科招生数]"))),
    Task("V4.3", YEARS, each=True),
    Target("V4.4", each(keeps(units(("高职", "[分类考试录取]", "[实际报到]"), dens=True)))),
    Target("V4.8", each(grows(units(("普通本科", "[专升本招生]"), ("普通本科",
        "[中职毕业生招生]")), top=None))),
    Target("V4.5", each(grows(units(("中职", "[对口升学人数]")), top=None))),
    Target("V4.6", each(FULL(row_share("协同培养", "[模式]='五年制'", "[合规]")), reach=True)),
    Target("V4.7", by(2026, MIN1(rows("协同培养", "[模式]='2+2+2'")))),
    # 5 to 7 conditions, teaching, textbooks
    Task("V5.4", YEARS, each=True, spans=quarters), Task("V5.5", (2024,)), Task("V5.6", (2024,),
        at="盟市"),
    Task("V5.7", (2024,)), Task("V5.9", YEARS, each=True, at="盟市"),
    Target("V5.1", [(str(y), "at", y, test(QUALIFIED, ">=", v), True)
        for y, v in ((2024, "0.8"), (2025, "0.9"), (2026, 1))]),
    Target("V5.2", on(2024, test(tally(VOC, all_of(QUALIFIES, before(no(QUALIFIES)))), ">=", 30))),
    Target("V5.8", each(grows(sum_where(VOC, before(FAILS), "[办学条件投入]*10000", "1#"),
        top=None))),
    fires("V5.R1", VOC, all_of(FAILS, no(order("[措施]='限期整顿'")))),
    fires("V5.R2", VOC, all_of(FAILS, order(
        "[措施]='限期整顿' AND [期满] AND NOT [复核达标]"))),
    fires("V5.R3", VOC, all_of(FAILS, order("[措施]='停止办学'"), PRIVATE)),
    fires("V5.R4", VOC, all_of(FAILS, order("[措施]='停止办学'"), no(PRIVATE))),
    gate("V5.G1", VOC, PRIVATE),
    Task("V6.3", YEARS, each=True, at="盟市"),
    Target("V6.4", by(2026, FULL(row_share("培养方案", "1", "[落实实训标准]")))),
    Target("V6.1", on(2024, FULL(row_share("培养方案", "1", "[已审核]")), reach=True)),
    Task("V6.5", (2024,), at=VOC),
    Target("V6.13", on(2024, MIN1(own("DEG(教学互查|0)"))), at=[VOC]),
    Task("V6.6", (2024,)), Task("V6.2", (2024,), n=2),
    Target("V6.7", on(2025, FULL(row_share("培养方案", "[新增专业]", "[已审核]")), reach=True)),
    Task("V6.8", (2025,), at="盟市"), Task("V6.9", (2025,)), Task("V6.11", (2026,)),
        Task("V6.12", (2026,)),
    Sample("V6.10", "培养方案", "方案", "0.2", "内蒙古自治区职业教育培养方案抽查2026",
        "2026-03-01", 2026, "[抽查合格]"),
    Target("V7.3", each(item("三科统编教材")), at=["中职"], point=S),
    Task("V7.4", (2024,)),
    Target("V7.6", by(2026, MIN1(rows("规划教材", "[服务五大任务]")))),
    Target("V7.10", by(2026, MIN1(rows("规划教材", "[新业态]")))),
    Target("V7.5", each(FULL(row_share("教材选用", "1", "[审定有效]")), reach=True)),
    Task("V7.7", (2026,)),
    Target("V7.2", [("", "by", 2026, about(over_years(keys("规划教材", "教材"), YEARS), 200),
        True)]),
    Task("V7.8", (2026,)),
    Target("V7.1", [(str(y), "at", y, test(rows("规划教材", f"[修订复核年度]={y}#"), ">=", v),
        True)
                    for y, v in ((2024, 35), (2025, 48))]),
    Task("V7.9", (2026,)),
    # 8 and 9 teachers, digital resources
    Target("V8.1", [(str(y), "at", y, test(DUAL, ">=", v), True)
                    for y, v in ((2024, "0.6"), (2025, "0.7"), (2026, "0.75"))]),
    Target("V8.2", each(test(ratio(days("企业实践", "教师", "[企业确认]"), units((VOC,
        "[专业课教师数]"))), ">=", 30)), at=[VOC]),
    Target("V8.5", by(2026, test(trained(3, "[级别] IN ('国家级','自治区级')"), ">=", "0.5"))),
    Target("V8.6", on(2026, FULL(trained(5)), reach=True), at=[VOC]),
    Target("V8.11", by(2026, FULL(trained(3, "[级别]='盟市级'"))), at=["盟市"]),
    Target("V8.14", by(2026, FULL(trained(3, "[级别]='校本'"))), at=[VOC]),
    Check("V8.7", VOC, term(distinct("双师认定", "教师", "[专业课教师]"))
        <= figure("专业课教师数")),
    Task("V8.8", (2024,)),
    Target("V8.13", each(FULL(ratio(distinct("企业实践", "教师", "[企业确认]"), units((VOC,
        "[专业课教师数]")))), reach=True),
           at=[VOC]),
    Target("V8.9", each(MIN1(rows("校企互派", "[接收方确认]"))), at=[VOC]),
    Target("V8.3", each(about(rows("职教名师团队",
        "[级别]='自治区级' AND [类别]<>'教学创新团队'"), 10))),
    Target("V8.10", [("", "by", 2026, about(over_years(keys("职教名师团队", "名称",
        "[类别]='教学创新团队'"), YEARS), 20),
                      True)]),
    Target("V8.4", each(about(rows("教师培训", "[级别] IN ('国家级','自治区级')"), 4500))),
    Task("V8.12", (2026,), at=VOC),
    Task("V9.4", (2024,)),
    *[Target(i, each(about(rows("职教数字资源", f"[类别]='{x}'"), v))) for i, x, v in (
        ("V9.1", "专业教学资源库", 10), ("V9.2", "一流核心课程", 10), ("V9.3", "在线精品开放课",
            80))],
    Task("V9.5", (2024,)), Task("V9.6", (2025,)),
    Target("V9.7", on(2025, about(count(VOC, "T(虚拟仿真实训基地)"), 10))),
    Task("V9.8", (2026,)), Task("V9.9", (2026,)),
    # 10 to 13 students
    Task("V10.1", YEARS, each=True), Task("V10.2", YEARS, each=True),
    Stages("V10.4", [("自评", 2024), ("验收", 2025), ("第二批启动", 2026)]),
    Task("V10.5", (2024,)), Task("V10.6", (2024,)), Task("V10.7", (2025,)), Task("V10.8", (2026,
        )),
    Target("V11.6", each(item("体育课开足")), at=[VOC], school=True),
    Target("V11.7", by(2026, test(own("[体育教师缺额]"), "<=", 0)), at=[VOC], point=S),
    Target("V11.1", each(all_of(test(own("[体育学时]"), ">=", 108),
        test(own("[体育最低周学时]"), ">=", 2))), at=["高职"]),
    Target("V11.2", each(test(own("[运动技能项数]"), "range", 1, 2)), at=["高职"]),
    Target("V11.3", [(str(y), "at", y, test(FITNESS, ">=", v), False)
        for y, v in ((2024, "0.2"), (2025, "0.25"), (2026, "0.3"))]),
    hard("V11.5", "中职", "中职优良人数", "中职测试人数"),
    Target("V11.11", each(test(TESTED, ">=", "0.95")), at=[VOC]),
    Target("V11.4", [(str(y), "at", y, test(count(VOC, "T(职教健康学校)"), ">=", v), True)
                     for y, v in ((2024, 5), (2025, 7), (2026, 9))]),
    Target("V11.9", each(item("心理健康课程")), at=[VOC], school=True),
    Target("V11.10", each(MIN1(own("[心理教师数]"))), at=[VOC], point=S),
    gate("V12.1", "高职", test(own("[公共艺术学分要求]"), ">=", 2)),
    Target("V12.2", each(test(units(("高职", "[公共艺术教师]", "[在校学生]"), dens=True), ">=",
        "0.0015"))
           + each(test(units(("高职", "[专职公共艺术教师]", "[公共艺术教师]"), dens=True), ">=",
               "0.5"), part="专职"), at=["高职"]),
    Target("V12.3", by(2025, FULL(institutions("[公共艺术开课]", "[开设公共艺术课程]"))),
        school=True),
    Target("V12.4", by(2026, FULL(row_share("培养方案", "1", "[含公共艺术课]")))),
    Target("V13.1", each(test(own("[劳动专题学时]"), ">=", 16)), at=[VOC], school=True),
    Target("V13.2", by(2025, test(institutions("N(中职劳模导师|[授课]>=1#)>=1#",
        "N(高校劳模导师|[年内授课次数]>=1#)>=1#"), ">=", "0.8"))),
    Target("V13.3", by(2026, test(rows("劳模工匠工作室", "[在运行]"), ">=", 15))),
    Target("V13.4", each(grows(count(VOC, "T(职教劳动实验校)"), top=None))),
    # 14 to 16 industry
    Target("V14.3", each(grows(rows("职教专业", "[重点领域]<>'其他'"), top=None))),
    Task("V14.4", YEARS, each=True),
    Target("V14.5", each(grows(rows("职教专业", "[紧缺领域]<>'不属紧缺'", "[报到人数]"),
        top=None))),
    Task("V14.6", (2024,)), Task("V14.7", (2024,), at=VOC),
    Target("V14.8", on(2024, MIN1(rows("专业调整",
        "[动作] IN ('撤销','合并') AND [与定位不符]")))),
    Target("V14.10", on(2025, test(CHAINS, ">=", 2)), at=["产业链"]),
    fires("V14.R1", "高职", in_a_row(2, test(own("[实际报到]", "[招生计划]"), "<", "0.9"))),
    FewFindWork("V14.R2", "职教专业", "[毕业人数]>=20#", "专业"),
    Target("V14.11", on(2026, MIN1(rows("专业共建", "[对方确认]"))), at=[VOC],
           given=MIN1(rows("专业群", "[自治区高水平]"))),
    Task("V14.12", (2026,)),
    Target("V15.13", each(keeps(rows("市域产教联合体")))),
    Check("V15.4", "R", term(distinct("产教融合型企业", "信用代码"))
        <= figure("公布产教融合型企业累计数")),
    Task("V15.5", (2026,)),
    Target("V15.1", each(test(distinct("产教融合型企业", "信用代码"), ">=", 10))),
    Task("V15.6", (2024,)),
    Target("V15.7", on(2024, test(rows("市域产教联合体", "[批次]='第一批' AND [成果案例]"),
        ">=", 6), reach=True)),
    Task("V15.8", (2024,)),
    Target("V15.2", by(2025, test(own("[公布市域产教联合体数]"), ">", 6))),
    Target("V15.3", on(2025, test(own("[公布行业产教融合共同体数]"), ">=", 15))),
    categories("V15.9", "行业产教融合共同体", "行业",
        "绿色农畜产品加工 新能源 新材料 新型化工 现代装备制造 生物医药 数字经济 "
               "现代服务业 文化旅游", lambda w: MIN1(rows("行业产教融合共同体", w)),
               lambda c: on(2025, c)),
    Task("V15.10", (2026,)),
    Target("V15.11", on(2026, MIN1(count(VOC, "T(示范性产教融合实践中心)")))),
    Target("V16.2", each(grows(plus(distinct("订单合同", "企业", "[企业确认]"),
        distinct("校企合作", "企业", "[企业确认]")),
                               top=None))),
    Task("V16.3", (2024,)),
    Target("V16.1", on(2024, test(rows("订单合同", "1", "[人数]"), ">=", 30000))),
    Target("V16.4", on(2025, grows(distinct("订单合同", "企业", "[企业确认]"), top=None))),
    Target("V16.5", each(MIN1(rows("订单合同", "[类型]='工匠班'")), years=(2025, 2026))),
    Target("V16.6", each(MIN1(rows("订单合同", "[类型]='现场工程师'")), years=(2025, 2026))),
    Target("V16.7", on(2025, grows(rows("校企合作",
        "[企业确认] AND [领域] IN ('教学资源开发','教师培训','课程建设')"), top=None))),
    Task("V16.8", (2026,)),
    Target("V16.9", on(2026, grows(rows("校企合作", "[领域]='企业内实习基地' AND [企业确认]"),
        top=None))),
    Target("V16.11", on(2026, grows(rows("校企合作", "[领域]='校内生产车间' AND [企业确认]"),
        top=None))),
    Task("V16.10", (2026,)),
    # 17 and 18 outreach
    Target("V17.3", each(MIN1(rows("职业培训班"))), at=[VOC]),
    categories("V17.12", "职业培训班", "学员",
        "在校学生 企业职工 农牧民 退役军人 社区和老年 其他",
               lambda w: MIN1(rows("职业培训班", w)), each),
    categories("V17.4", "职教培训学院", "类型", "乡村振兴学院 农牧民培训学院 退役军人培训学院",
               lambda w: MIN1(rows("职教培训学院", w)), lambda c: by(2026, c)),
    Target("V17.1", [("", "by", 2026, test(mean_of(rows("职业培训班", "1", "[人次]"), YEARS),
        ">=", 100000), True)]),
    Target("V17.5", by(2024, all_of(MIN1(rows("终身教育机构", "[类型]='城乡社区大学'")),
                                    MIN1(rows("终身教育机构", "[类型]='老年开放大学'"))))),
    Target("V17.6", on(2024, MIN1(rows("终身教育机构",
        "[依托职业院校] AND [类型] IN ('老年社区教学点','示范性教学基地')")))),
    Task("V17.7", (2024,)),
    Stages("V17.2", [("试点启动", 2025), ("试点指导", 2026)]),
    Task("V17.8", (2025,)), Task("V17.9", (2026,)),
    Target("V18.3", each(MIN1(rows("国际化项目", "[国别]<>'其他'")))),
    Target("V18.2", each(test(count(VOC, "N(合作办学储备)>=1#"), "range", "1.9", "3.15"))),
    Task("V18.4", YEARS, each=True),
    Target("V18.1", each(test(distinct("国际化项目", "项目"), ">=", 10))),
    Target("V18.5", each(all_of(MIN1(rows("国际化项目", "[类型]='中文加职业'")),
                                MIN1(rows("国际化项目", "[类型]='国际化标准'"))))),
    Task("V18.6", (2026,), at=listed(VOC, "中外合作办学", "2024-09-01")),
    Target("V18.7", by(2026, MIN1(rows("国际化项目"))), at=[VOC],
        given=yes(own("IIF({中外合作办学}, 1#, 0)"))),
]
