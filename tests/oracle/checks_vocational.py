# SPDX-License-Identifier: Apache-2.0
"""Checks of annex 3."""
from annex3 import VOC
from checks import equal, figure, hard, last, states, term
from judge import Check, Rows, any_of
from measure import count, distinct, keys, over_years, plus, rows, units

COLLEGE, MAJORS, DEEDS, ORDERS = "高职", "职教专业", "土地房产证", "达标整改"
FIRM_CODES, FIRM_ROWS = keys("产教融合型企业", "信用代码"), rows("产教融合型企业")
STAFF = figure("专业课教师数")
TEACHERS = term(units(*[(k, "[专任教师数]") for k in ("中职", COLLEGE, "职业本科")]))
STUDENTS = term(units(("中职", "[学生数]"), (COLLEGE, "[折合在校生数]"), ("职业本科",
    "[本科折合在校生数]")))
FIT = term(units(("中职", "[中职优良人数]", "[中职测试人数]"), *[
    (k, "[体测优良人数]", "[体测有效人数]") for k in (COLLEGE, "职业本科")], dens=True))
DUAL = term(rows("双师认定"))
TRAINED = term(rows("职业培训班", "1", "[人次]"))
AREA, ROOMS, GRADUATES = figure("占地面积"), figure("校舍建筑面积"), figure("毕业生数")
ARRIVED, PLANNED = figure("实际报到"), figure("招生计划")
PRIVATE = term(plus(count("中职", "NOT {公办}"), count(COLLEGE, "{民办}"),
    count("职业本科", "{民办}")))


def owned(what):
    return rows(DEEDS, f"[类别]='{what}' AND NOT [租借]", "[面积]")


def three_years(make):
    """Over the rows of the year and the two before."""
    return lambda frame, unit: make(range(frame.year - 2, frame.year + 1))(frame, unit)


def total(measure, years):
    return plus(*[lambda frame, unit, y=y: measure(frame.of(y), unit) for y in years])


def majors(field):
    return rows(MAJORS, "1", f"[{field}]")


ALL = [
    # conditions
    Check("K.V5.1", VOC, any_of(PRIVATE >= 1, term(rows(ORDERS, "[措施]='吊销许可证'")) <= 0)),
    Check("K.V5.2", "R", equal(distinct(DEEDS, "证号"), rows(DEEDS))),
    Check("K.V5.3", VOC, AREA <= owned("土地")),
    Check("K.V5.4", VOC, ROOMS <= owned("房产")),
    hard("K.V5.5", VOC, "教学行政用房", "校舍建筑面积"),
    Check("K.V5.6", VOC, AREA >= "0.8" * last(AREA)),
    Check("K.V5.7", VOC, figure("仪器设备值") <= 2 * last(figure("仪器设备值"))),
    Check("K.V5.8", "R", equal(count("中职"), figure("公布中职学校数"))),
    # teachers, resources
    Check("K.V8.1", VOC, term(rows("职教名师团队", "NOT [主持人在岗]")) <= 0),
    Check("K.V8.2", "R", equal(distinct("双师认定", "教师"), rows("双师认定"))),
    Check("K.V8.3", VOC, DUAL <= "1.5" * last(DUAL)),
    Check("K.V8.4", VOC, STAFF <= TEACHERS),
    Check("K.V9.1", VOC, term(rows("职教数字资源", "NOT [校外有使用]")) <= 0),
    # students
    hard("K.V11.1", "中职", "中职测试人数", "中职应测人数"),
    Check("K.V11.2", VOC, FIT <= last(FIT) + "0.2"),
    # industry
    Check("K.V14.1", COLLEGE, ARRIVED <= "1.2" * PLANNED),
    Check("K.V14.2", COLLEGE, equal(PLANNED, majors("计划人数"))),
    Check("K.V14.3", COLLEGE, equal(ARRIVED, majors("报到人数"))),
    Rows("K.V14.4", MAJORS, "[落实人数]<=[毕业人数]", key="专业"),
    Check("K.V14.5", VOC, equal(GRADUATES, majors("毕业人数")), "08-31"),
    hard("K.V14.6", VOC, "落实毕业生数", "毕业生数", "08-31"),
    Check("K.V15.1", "R", equal(
        three_years(lambda years: over_years(FIRM_CODES, years)),
        three_years(lambda years: total(FIRM_ROWS, years)))),
    Check("K.V16.1", VOC, term(rows("订单合同", "1", "[人数]")) <= STUDENTS),
    Rows("K.V17.1", "职业培训班", "[学时]>=4#", key="班期"),
    Check("K.V17.2", VOC, TRAINED <= 3 * last(TRAINED)),
    # across forms
    Check("K.X.3", VOC, STAFF >= "0.7" * last(STAFF)),
    Check("K.X.4", VOC, GRADUATES >= "0.6" * last(GRADUATES), "08-31"),
    hard("K.X.7", "中职", "中职应测人数", "学生数"),
    Check("K.X.9", COLLEGE, figure("折合在校生数") >= figure("在校学生")),
    Check("K.X.10", COLLEGE, figure("公共艺术教师") <= figure("专任教师数")),
    Check("K.X.11", VOC, figure("心理教师数") <= TEACHERS),
    Check("K.X.12", VOC, term(distinct("教师培训", "教师")) <= "1.2" * TEACHERS),
    Check("K.X.13", VOC, term(distinct("企业实践", "教师")) <= STAFF),
    Rows("K.X.14", MAJORS, "[毕业人数]<=[近三年毕业人数]", "[毕业人数]>=20#", key="专业"),
    *[Check(i, "R", equal(summed, figure(published))) for i, summed, published in (
        ("K.X.21", units(("职业本科", "[职业本科录取]")), "公布职业本科招生数"),
        ("K.X.22", units((COLLEGE, "[实际报到]")), "公布高职专科招生数"),
        ("K.X.23", units(("普通本科", "[专升本招生]")), "公布专升本人数"),
        ("K.X.24", distinct("市域产教联合体", "名称"), "公布市域产教联合体数"),
        ("K.X.25", distinct("行业产教融合共同体", "名称", "[级别]='自治区级'"),
            "公布行业产教融合共同体数"))],
    *[Check(i, k, states("NOT (T(职教健康学校) AND T(高校健康学校))"))
        for i, k in (("K.X.31", COLLEGE), ("K.X.32", "职业本科"))],
]
