# SPDX-License-Identifier: Apache-2.0
"""Checks of annex 2."""
from checks import figure, hard, last, states, term, within
from judge import Check, Rows
from measure import units

U = "高校"
STUDENTS = figure("在校学生")
GOOD = term(units((U, "[体测优良人数]", "[体测有效人数]"), dens=True))
TESTED = term(units((U, "[体测有效人数]", "[体测应测人数]"), dens=True))

ALL = [
    Check("K.H0.1", U, figure("专任教师数") <= STUDENTS),
    Check("K.H0.2", U, within("0.8" * last(STUDENTS), STUDENTS, "1.25" * last(STUDENTS))),
    Rows("K.H1.1", "一流学科", "[层次]<>'一流拔尖' OR [有目标书]", key="学科点"),
    hard("K.H4.1", "本科高校", "专业学位论文合格数", "专业学位论文抽检数"),
    hard("K.H4.2", "本科高校", "评估问题已改数", "评估问题数"),
    Check("K.H4.3", "本科高校", states("NOT [完成审核评估] OR [符合审核评估条件]")),
    Rows("K.H5.1", "拔尖基地", "[升学人数]<=[毕业人数]", key="基地"),
    Rows("K.H7.1", "专业年报", "[落实数]<=[毕业数]", key="专业点"),
    Rows("K.H7.2", "专业年报", "10*[报到数]<=12*[计划数]", key="专业点"),
    Rows("K.H7.3", "专业年报", "[毕业数]<=[在校生数]", key="专业点"),
    Rows("K.H8.1", "特色学院", "NOT [国家级产业学院] OR [自治区级]", key="学院"),
    hard("K.H13.1", "本科高校", "学科带头人离任数", "学科带头人数"),
    hard("K.H13.2", "本科高校", "博士学位教师数", "专任教师数"),
    Rows("K.H15.1", "国际联合攻关", "[科技安全已审] AND [知识产权已约定]", key="国际项目编号"),
    hard("K.H20.1", U, "体测优良人数", "体测有效人数"),
    hard("K.H20.2", U, "体测有效人数", "体测应测人数"),
    Check("K.H20.3", U, figure("体测应测人数") <= STUDENTS),
    Check("K.H20.4", U, TESTED >= "0.95"),
    Check("K.H20.5", U, GOOD <= last(GOOD) + "0.15"),
    hard("K.H21.1", U, "专职公共艺术教师", "公共艺术教师"),
    hard("K.X.8", U, "体测应测人数", "在校学生"),
]
