# SPDX-License-Identifier: Apache-2.0
"""Annex 2, higher education: what each clause asks, defined from the text and the data dictionary."""
import measure
from annex1 import ABOUT, FULL, MIN1, categories, ratio
from annex3 import about, item
from judge import Stages, Target, Task, above_base, by, each, grows, keeps, on, test, yes
from measure import count, distinct, keys, over_years, own, plus, row_share, rows, share, units

YEARS = (2024, 2025, 2026)
U = "本科高校"
measure.BOUNDS.update({"科技创新水平梯队": (measure.SCALE, 5 * measure.SCALE), "高教综合实力西部位次":
                       (measure.SCALE, 12 * measure.SCALE)})
measure.BOOLS |= {
    "达到区域一流", "较上年晋位", "有目标书", "国家一流", "有学科建设方案", "投入增加", "已评价", "有改进记录", "评价优良",
    "已出版", "服务两件大事", "牵头学科评估上升", "已发布教学质量报告", "审核评估迎检指导", "符合审核评估条件", "完成审核评估",
    "研究生分类培养", "本硕博一体", "国家培养高地", "对接重点产业", "数字技术相关", "有专业改革方案", "自治区级", "国家级产业学院",
    "当年获支持", "有创新创业学院", "有场所", "有专职人员", "有在研项目", "企业提出", "企业确认成效", "已动态评估", "转化应用",
    "标志性", "已盘点", "已转化", "千校万企", "重点产业", "关键核心成果", "所属一流学科", "跨领域", "跨行业", "已绩效评价",
    "科技安全已审", "知识产权已约定", "双方确认成效", "年内有活动", "有组织科研", "有组织人才培养", "一流来源", "博士后出站",
    "有年度引才计划", "开设健康教育课", "高年级开设体育课", "研究生开设体育课", "含公共艺术", "含劳动教育", "含课程思政"}
measure.OWNERS.update({k: "高校" for k in (
    "一流学科 一流课程 学科群 科研平台 社科建设 高校专利 校企合同 转化专项 青年科技人才 创新团队 五大任务攻关 国际联合攻关 联盟合作 "
    "对口合作 人才引育 人才在岗 教师派遣 优秀教师团队 高校劳模导师").split()})
measure.OWNERS.update({k: U for k in "一流专业 本科规划教材 高教教学成果 拔尖基地 四新建设 专业年报 学位授权点 特色学院 本科培养方案".split()})
measure.OWNERS.update({k: "自治区" for k in "高校对标评价 高研院分院 高研院项目".split()})
measure.TIES += [("本科高校", "评估问题已改数", "评估问题数"), ("本科高校", "专业学位论文合格数", "专业学位论文抽检数"),
                 ("本科高校", "学科带头人离任数", "学科带头人数"), ("本科高校", "博士学位教师数", "专任教师数"),
                 ("高校", "专职公共艺术教师", "公共艺术教师")]
SCIENCE = "[学科门类] IN ('理学','工学','农学','医学')"
BREAK = rows("一流学科", "[国家一流] AND [重点学科] IN ('草学','生态学','食品科学与工程','民族学')")
LABS = rows("科研平台", "[平台级别] IN ('教育部重点实验室','教育部工程研究中心','省部共建协同创新中心')")


def wan(at):
    """Figures in 万元 are shown in yuan."""
    return lambda frame, unit: at(frame, unit).scaled(10000)


def span(reg, field, where, op, v):
    return [("", "by", 2026, test(over_years(keys(reg, field, where), YEARS), op, v), True)]


ALL = [
    Target("H0.1", by(2026, test(rows("一流学科", "[国家一流]"), "range", 3, 5))),
    Target("H0.2", by(2026, about(rows("高校对标评价", "[达到区域一流]"), 8))),
    Target("H0.8", by(2026, MIN1(rows("高校对标评价", "[较上年晋位]")))),
    Target("H0.3", by(2026, test(own("[科技创新水平梯队]"), "<=", 2))),
    Target("H0.4", by(2026, test(own("[高教综合实力西部位次]"), "<=", 6))),
    Target("H0.9", each(keeps(plus(rows("一流学科", "[国家一流]"), rows("一流专业", "[级别]='国家级'"),
                                   rows("一流课程", "[级别]='国家级'"))))),
    # 1 to 3 disciplines
    Task("H1.3", (2026,)),
    categories("H1.4", "一流学科", "层次", "一流拔尖 一流拔尖培育 一流建设 一流培育 提质培育",
               lambda w: MIN1(rows("一流学科", w)), lambda c: by(2026, c)),
    Target("H1.1", on(2024, test(rows("一流学科", "[有目标书]"), ">=", 35), reach=True)),
    Target("H1.5", on(2024, item("有学科建设方案")), at=[U], given=test(rows("一流学科"), ">", 0)),
    Task("H1.6", (2024,)),
    Target("H1.7", on(2024, grows(wan(rows("一流学科", "1", "[建设经费]")), top=None))),
    Task("H1.9", (2026,)),
    Target("H1.2", by(2026, above_base(BREAK, 1))),
    Target("H2.1", each(FULL(row_share("一流专业", "1", "[已评价]")), reach=True)),
    Target("H2.5", each(FULL(row_share("一流专业", "[已评价]", "[有改进记录]")), reach=True)),
    Target("H2.6", on(2024, test(rows("一流专业", "[级别]='国家级' AND [投入增加]"), ">=", 146), reach=True)),
    Target("H2.7", on(2024, test(rows("一流专业", "[级别]='自治区级' AND [投入增加]"), ">=", 189), reach=True)),
    Task("H2.8", (2024,), n=2),
    Target("H2.2", by(2025, about(rows("一流课程", "[级别]='国家级'"), 120))),
    Target("H2.3", by(2025, about(rows("一流课程", "[级别]='自治区级'"), 800))),
    Target("H2.4", by(2025, about(rows("本科规划教材", "[已出版]"), 100))),
    Target("H2.9", by(2026, grows(row_share("一流专业", "[已评价]", "[评价优良]")))),
    Target("H3.7", by(2026, FULL(row_share("学科群", "1", "[参建高校数]>=2# AND [参建学科数]>=2#")))),
    categories("H3.1", "学科群", "群", "生态环境 草原畜牧 新能源 冶金新材料 北疆文化", lambda w: MIN1(rows("学科群", w)),
               lambda c: on(2024, c)),
    Task("H3.2", (2024,)), Task("H3.3", (2025,)), Task("H3.4", (2025,)),
    categories("H3.5", "学科群", "群", "生态环境 草原畜牧 新能源 冶金新材料 北疆文化",
               lambda w: MIN1(rows("学科群", w, "[国内一流成果数]")), lambda c: by(2026, c)),
    categories("H3.6", "学科群", "群", "生态环境 草原畜牧 新能源 冶金新材料 北疆文化",
               lambda w: FULL(row_share("学科群", w, "[服务两件大事]")), lambda c: by(2026, c)),
    Target("H3.8", by(2026, MIN1(rows("学科群", "[牵头学科评估上升]")))),
    # 4 to 6 teaching
    Target("H4.3", each(item("已发布教学质量报告")), at=[U]),
    Task("H4.2", (2024,)),
    Target("H4.5", on(2024, test(count(U, "[审核评估迎检指导]"), ">=", 7), reach=True)),
    Task("H4.7", (2024,)), Task("H4.8", (2024,)),
    Target("H4.1", by(2025, test(count(U, "[完成审核评估]"), ">=", 15))),
    Target("H4.4", by(2025, FULL(share(U, "[符合审核评估条件]", "[完成审核评估]")))),
    Target("H4.9", by(2025, FULL(share(U, "[研究生在校生]>0#", "[研究生分类培养]")))),
    Target("H4.10", by(2026, MIN1(rows("高教教学成果", "[级别]='国家级'")))),
    Target("H4.11", by(2026, grows(units((U, "[专业学位论文合格数]", "[专业学位论文抽检数]"), dens=True)))),
    Target("H5.2", on(2024, test(rows("拔尖基地", "[级别]='自治区级'"), ">=", 8), reach=True)),
    Target("H5.3", on(2025, grows(rows("拔尖基地", "1", "[在基地学生]"), top=None))),
    Target("H5.4", on(2025, MIN1(rows("拔尖基地", "[本硕博一体]")))),
    Target("H5.5", on(2026, MIN1(rows("拔尖基地", "[国家培养高地]")))),
    categories("H6.1", "四新建设", "类别", "新工科 新医科 新农科 新文科", lambda w: MIN1(rows("四新建设", w)), each),
    Target("H6.2", span("四新建设", "方向", "[类别]='新工科' AND [形式]='增设专业' AND [方向] IN ('新能源','新材料','新型化工')",
                        ">=", 3)),
    Target("H6.4", span("四新建设", "方向", "[类别]='新农科' AND [形式]='增设专业' AND [方向] IN ('奶业','肉牛肉羊','林草')",
                        ">=", 3)),
    Target("H6.5", span("四新建设", "方向", "[类别]='新文科' AND [方向] IN ('共同体意识','北疆文化')", ">=", 2)),
    Target("H6.6", by(2026, grows(row_share("四新建设", "1", "[对接重点产业]")))),
    # 7 to 9 structure, colleges, the institute
    Target("H7.5", on(2024, about(rows("学位授权点", "[学位]='博士' AND [类型]='专业学位类别' AND [建设状态]='培育'"), 10))),
    Target("H7.6", on(2024, test(distinct("学位授权点", "重点一级学科",
                                          "[学位]='博士' AND [类型]='一级学科' AND [重点一级学科]<>'其他'"), ">=", 4), reach=True)),
    Task("H7.4", (2024,)),
    Target("H7.7", on(2024, item("有专业改革方案")), at=[U]),
    Task("H7.8", (2026,)),
    Target("H8.4", each(grows(rows("特色学院", "1", "[学院学生数]"), top=None))),
    Task("H8.5", (2024,)),
    Target("H8.6", on(2024, FULL(row_share("特色学院", "[自治区级]", "[当年获支持]")), reach=True)),
    Target("H8.7", on(2024, test(distinct("特色学院", "学院领域", "[学院类型]='未来技术学院' AND [学院领域]<>'其他'"), ">=", 2),
                      reach=True)),
    Target("H8.8", each(keeps(units((U, "IIF([有创新创业学院], 1#, 0)+[双创实践基地数]"))))),
    Target("H8.9", each(MIN1(own("[国创计划立项数]"))), at=[U]),
    Target("H8.1", by(2025, about(rows("特色学院"), 100))),
    Target("H8.2", by(2025, about(rows("特色学院", "[自治区级]"), 30))),
    Target("H8.3", by(2025, about(rows("特色学院", "[国家级产业学院]"), 3))),
    Target("H8.10", by(2026, FULL(row_share("特色学院", "1", "[共建企业数]>=1#")))),
    Task("H9.2", (2026,)), Task("H9.3", (2024,)),
    Target("H9.4", on(2024, test(rows("高研院分院", "[有场所] AND [有专职人员] AND [有在研项目]"), ">=", 3), reach=True)),
    categories("H9.5", "高研院项目", "需求领域", "乳业 稀土 能源 先进制造",
               lambda w: MIN1(rows("高研院项目", w + " AND [企业提出]")), lambda c: on(2024, c)),
    Stages("H9.1", [("实质化运行", 2024), ("实质进展", 2025), ("取得实效", 2026)]),
    categories("H9.6", "高研院项目", "工作类别", "人才培养 科研攻关 成果转化 学科建设",
               lambda w: MIN1(rows("高研院项目", w)), lambda c: on(2025, c)),
    # 10 to 14 research
    Task("H10.4", (2025,)), Task("H10.3", (2024,)),
    Target("H10.5", on(2024, FULL(row_share("科研平台", "1", "[已动态评估]")), reach=True)),
    Target("H10.6", on(2024, FULL(row_share("科研平台", "1", "[攻关任务数]>=1#")), reach=True)),
    Target("H10.7", by(2026, above_base(LABS, 1))),
    Target("H10.1", on(2024, about(rows("科研平台", "[平台级别]='基础学科研究中心'"), 4))),
    Target("H10.2", on(2025, FULL(row_share("科研平台", "1", "[破解难题数]>=1#")), reach=True)),
    Target("H10.8", by(2026, grows(wan(rows("科研平台", "1", "[到账经费]")), top=None))),
    Target("H11.5", each(keeps(row_share("社科建设", "[社科类别] IN ('重大专项','国别区域成果')", "[转化应用]")))),
    Target("H11.6", each(MIN1(rows("社科建设", "[社科类别]='重大专项'")))),
    Target("H11.7", each(test(distinct("社科建设", "研究方向", "[社科类别]='重大专项' AND "
                                       "[研究方向] IN ('共同体意识','民族地区现代化','北疆文化')"), ">=", 3), reach=True)),
    Target("H11.1", each(about(rows("社科建设", "[社科类别]='基地开放课题'"), 150))),
    Target("H11.2", each(about(rows("社科建设", "[社科类别]='高校智库'"), 2))),
    Target("H11.3", each(test(rows("社科建设", "[社科类别]='国别区域成果' AND [转化应用]"), "range", 2, 3))),
    Target("H11.4", each(test(rows("社科建设", "[社科类别]='人文社科重点实验室'"), "range", 1, 2))),
    Target("H11.8", span("社科建设", "研究方向", "[标志性] AND [研究方向] IN ('一带一路','北疆文化')", ">=", 2)),
    Task("H12.5", (2024,)),
    Target("H12.6", by(2026, FULL(row_share("高校专利", "1", "[已盘点]")))),
    Target("H12.1", by(2026, test(distinct("高校专利", "开放许可批次", "[开放许可批次]<>'未开放'"), ">=", 3))),
    Target("H12.7", each(MIN1(own("[专利对接活动场次]"))), at=[U]),
    Target("H12.2", by(2026, test(distinct("校企合同", "企业代码", "[企业确认]"), ">=", 10)), at=[U]),
    Target("H12.8", each(keeps(rows("校企合同", "[千校万企]")))),
    Task("H12.9", YEARS, each=True),
    Target("H12.3", each(about(rows("转化专项"), 30))),
    Target("H12.10", by(2026, grows(row_share("高校专利", "1", "[已转化]")))),
    Task("H13.3", YEARS, each=True),
    Target("H13.1", each(test(rows("青年科技人才", "[所属一流学科]"), ">=", 100))),
    Target("H13.2", each(test(rows("创新团队", "[跨领域] AND [跨行业] AND [合作方]<>'校内'"), ">=", 30))),
    Target("H13.4", by(2026, test(units((U, "[学科带头人离任数]", "[学科带头人数]"), dens=True), "<=", "0.1"))),
    Target("H13.5", by(2026, grows(units((U, "[博士学位教师数]", "[专任教师数]"), dens=True)))),
    Task("H14.3", (2024,)), Task("H14.4", YEARS, each=True), Task("H14.6", (2025, 2026), each=True),
    categories("H14.1", "五大任务攻关", "任务领域", "能源和战略资源 农畜产品 生物育种 生态环境 边疆安全与发展",
               lambda w: test(rows("五大任务攻关", w), ">=", 2), each),
    Target("H14.5", each(FULL(row_share("五大任务攻关", "1", "[联合方式]<>'独立'")), reach=True)),
    # 15 to 17 exchange
    Target("H15.2", each(keeps(distinct("国际联合攻关", "境外伙伴")))),
    Task("H15.3", (2024,)),
    Target("H15.4", each(grows(units((U, "[国际暑期学校学员]")), top=None), years=(2025, 2026))),
    Target("H15.1", each(about(rows("国际联合攻关"), 10))),
    Target("H15.5", each(FULL(row_share("国际联合攻关", "1", "[科技安全已审] AND [知识产权已约定]")), reach=True)),
    Stages("H16.1", [("启动组建", 2024), ("实质合作", 2025), ("建设成效", 2026)]),
    Task("H16.2", (2024,)),
    categories("H16.3", "联盟合作", "合作方面", "学生联合培养 师资队伍 科教平台共享 联合攻关",
               lambda w: MIN1(rows("联盟合作", w)), lambda c: on(2025, c)),
    categories("H17.2", "对口合作", "合作渠道", "部属高校结对 京蒙 沪蒙 陕蒙 东北三省一区",
               lambda w: MIN1(rows("对口合作", w + " AND [年内有活动]")), each),
    categories("H17.3", "对口合作", "对口方面", "学科建设 干部挂职 协同创新 科研攻关",
               lambda w: MIN1(rows("对口合作", w + " AND [年内有活动]")), each),
    Target("H17.4", each(FULL(row_share("对口合作", "1", "[年内有活动]")), reach=True)),
    Task("H17.1", YEARS, each=True), Task("H17.5", (2024,)),
    Target("H17.6", on(2025, MIN1(rows("对口合作", "[有组织科研] AND [有组织人才培养]")))),
    Target("H17.7", by(2026, grows(rows("对口合作", "1", "[对口成果数]"), top=None))),
    # 18, 19 teachers
    Target("H18.4", each(item("有年度引才计划")), at=[U]),
    Target("H18.1", each(test(distinct("人才引育", "人才代码", "[人才类别]<>'博士'"), ">=", 16))),
    Target("H18.2", by(2026, test(distinct("人才在岗", "人才代码"), ">=", 120))),
    Target("H18.3", each(test(distinct("人才引育", "人才代码", "[引育方式]='引进' AND [人才类别]='博士' AND [一流来源]"),
                              ">=", 200))),
    Target("H18.5", each(keeps(rows("人才引育", "[博士后出站]")))),
    Task("H19.1", (2026,)), Task("H19.4", YEARS, each=True),
    Target("H19.2", by(2026, MIN1(rows("教师派遣", "[派遣类型]='银龄教师' AND [接收方确认]")))),
    Target("H19.3", each(test(distinct("教师派遣", "派遣类型", "[接收方确认] AND [派遣类型] IN ('国内访学研修','留学归国国情培训')"),
                              ">=", 2), reach=True)),
    Target("H19.5", each(grows(rows("教师派遣", "[派遣类型]='协作平台交流' AND [接收方确认]"), top=None))),
    Target("H19.6", each(grows(wan(units((U, "[团队建设经费]"))), top=None))),
    Target("H19.7", each(grows(rows("优秀教师团队"), top=None))),
    # 20 to 22 sport, arts, labour
    Target("H20.4", each(keeps(units((U, "[体育教师数]", "[在校学生]"), dens=True)))),
    Target("H20.1", each(FULL(row_share("本科培养方案", "1", "[体育必修学时]>=144#")), reach=True), at=[U]),
    Target("H20.9", each(test(own("[体育必修实开学时]"), ">=", 144)), at=[U]),
    Target("H20.5", each(grows(share(U, "1", "[高年级开设体育课]")))),
    Target("H20.6", each(grows(share(U, "[研究生在校生]>0#", "[研究生开设体育课]")))),
    Target("H20.2", [(str(y), "at", y, test(units(("高校", "[体测优良人数]", "[体测有效人数]"), dens=True), ">=", v), True)
                     for y, v in ((2024, "0.2"), (2026, "0.3"))]),
    Target("H20.7", each(grows(share("高校", "1", "[开设健康教育课]")))),
    Target("H20.8", each(MIN1(own("[卫生健康宣传场次]"))), at=["高校"]),
    Target("H21.4", each(FULL(row_share("本科培养方案", "1", "[含公共艺术]")), reach=True), at=[U]),
    Target("H21.2", each(test(units((U, "[公共艺术教师]", "[在校学生]"), dens=True), ">=", "0.0015")), at=[U]),
    Target("H21.3", by(2025, FULL(share(U, "1", "[开设公共艺术课程]")))),
    Target("H22.3", each(FULL(row_share("本科培养方案", "1", "[含劳动教育]")), reach=True), at=[U]),
    Target("H22.1", each(FULL(row_share("本科培养方案", "1", "[劳动教育学时]>=32#")), reach=True), at=[U]),
    Target("H22.4", each(MIN1(own("[融入劳动教育课程数]"))), at=[U]),
    Target("H22.5", each(MIN1(own("[劳模工匠进校园场次]"))), at=[U]),
    Target("H22.2", by(2026, FULL(share(U, "1", "N(高校劳模导师|[年内授课次数]>=1#)>0#")))),
]
