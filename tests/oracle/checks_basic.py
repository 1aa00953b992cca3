# SPDX-License-Identifier: Apache-2.0
"""Checks of annex 1 and of its forms."""
from checks import BEGIN, equal, figure, hard, last, term, within
from judge import Check
from measure import count, distinct, own, rows, units

PUPILS, CLASSES, TEACHERS = figure("学生数"), figure("班数"), figure("专任教师数")
BACKBONE, DISABLED = figure("骨干教师"), figure("适龄残疾儿童")
ENROLLED = figure("该届一年级入学数")
COUNTY_CHILDREN = term(units(("幼儿园", "[学生数]")))
OFFICERS = "校外培训执法员"

ALL = [
    # goals, places, schools
    hard("K.B0.1", "初中", "九年级学生", "学生数", BEGIN),
    Check("K.B0.2", "幼儿园", PUPILS <= 2 * last(PUPILS), BEGIN),
    Check("K.B1.1", "R", term(count("旗县", "T(普及普惠县)")) <= figure("公布普及普惠县累计数")),
    Check("K.B2.1", "中小学", figure("寄宿学生") <= PUPILS, BEGIN),
    Check("K.B3.1", "普通高中", figure("招生数") <= figure("招生计划数"), BEGIN),
    hard("K.B4.1", "义务教育学校", "高于规定学历教师", "专任教师数", BEGIN),
    hard("K.B4.2", "义务教育学校", "骨干教师", "专任教师数", BEGIN),
    hard("K.B4.3", "义务教育学校", "体艺专任教师", "专任教师数", BEGIN),
    # teaching
    Check("K.B5.1", "盟市", equal(rows("实验任务书", "[建成] AND [中期结论]<>'通过'"), 0)),
    Check("K.B6.1", "R", term(count("幼儿园", "T(自治区级示范园)")) >=
          distinct("示范园评估", "园", "[结论]='认定'")),
    hard("K.B8.1", "义务教育学校", "参加课后服务学生", "学生数", BEGIN),
    Check("K.B8.2", "盟市", term(rows(OFFICERS)) <= distinct(OFFICERS, "人员")),
    hard("K.B10.1", "特教学校", "教师参加特教培训", "专任教师数"),
    Check("K.B10.2", "特教学校", term(own("DEG(特教普校共建|0)")) <= 1),
    # teachers
    hard("K.B12.1", "幼儿园", "持证教职工", "教职工数", BEGIN),
    hard("K.B12.2", "幼儿园", "专科及以上专任教师", "专任教师数", BEGIN),
    hard("K.B13.1", "中小学", "应交流教师", "在编教师", BEGIN),
    hard("K.B15.1", "学校", "接受一对一帮扶教师", "专任教师数", BEGIN),
    hard("K.B18.1", "中小学", "参加新课标培训教师", "专任教师数", BEGIN),
    Check("K.B19.1", "中小学", figure("已开实验") <= figure("应开实验"), BEGIN),
    Check("K.B20.1", "中小学", figure("体测有效人数") <= PUPILS),
    # across forms
    hard("K.F.1", "学校", "专任教师数", "教职工数", BEGIN),
    Check("K.F.2", "中小学", within(0.5 * last(PUPILS), PUPILS, 2 * last(PUPILS)), BEGIN),
    hard("K.F.3", "中小学", "在编教师", "教职工数", BEGIN),
    Check("K.F.4", "中小学", PUPILS <= 66 * CLASSES, BEGIN),
    hard("K.F.5", "自治区", "公布公办园占比", "公布普惠覆盖率"),
    Check("K.F.6", "旗县", COUNTY_CHILDREN <= 1.5 * figure("三至五岁人口"), BEGIN),
    hard("K.F.7", "普通高中", "招生数", "学生数", BEGIN),
    hard("K.F.8", "特教学校", "义务教育阶段学生", "学生数", BEGIN),
    Check("K.F.9", "中小学", figure("附设特教班学生") <= 20 * figure("附设特教班"), BEGIN),
    Check("K.F.10", "旗县", figure("名册核减残疾儿童") <= DISABLED, BEGIN),
    Check("K.F.11", "旗县", DISABLED >= "0.8" * last(DISABLED), BEGIN),
    Check("K.F.12", "旗县", within(-ENROLLED, figure("该届净转入"), ENROLLED), BEGIN),
    Check("K.F.13", "中小学", figure("专职心理教师") <= TEACHERS, BEGIN),
    Check("K.F.14", "R", term(distinct("骨干教研员培训", "人员")) <=
          units(("教研机构", "[专职教研员]"))),
    Check("K.F.15", "义务教育学校", BACKBONE <= 2 * last(BACKBONE) + 5, BEGIN),
    hard("K.F.16", "自治区", "公布集团化学校数", "公布中小学幼儿园总数"),
    Check("K.X.1", "学校", within("0.7" * last(PUPILS), PUPILS, "1.3" * last(PUPILS)), BEGIN),
    Check("K.X.2", "学校", within("0.7" * last(TEACHERS), TEACHERS, "1.3" * last(TEACHERS)),
          BEGIN),
    hard("K.X.5", "学校", "专任教师数", "教职工数", BEGIN),
    Check("K.X.6", "学校", PUPILS <= 66 * CLASSES, BEGIN),
]
