// SPDX-License-Identifier: Apache-2.0
/**
 * The table of pages: where it is, what it is called, who may (one operation of the API is enough;
 * none: who is signed in), where it stands in the menu, and its code, loaded when it is entered.
 */
import type { Component } from 'vue'
import {
  ChatDotSquare,
  Bell,
  DataBoard,
  Document,
  Edit,
  List,
  OfficeBuilding,
  Search,
  Setting,
  Stamp,
  Timer,
  User,
} from '@element-plus/icons-vue'
import type { Text } from '@/base/text'

export interface Page {
  name: string
  path: string
  title: Text
  may: string[]
  /** null: reached from other pages. */
  icon: Component | null
  load: () => Promise<{ default: Component }>
}

export const pages: Page[] = [
  {
    name: 'overview',
    path: '/overview',
    title: ['总览', 'Overview'],
    may: ['verdict.read'],
    icon: DataBoard,
    load: () => import('@/page/overview/overview.vue'),
  },
  {
    name: 'plan',
    path: '/plan',
    title: ['活的计划', 'Living plan'],
    may: ['verdict.read'],
    icon: Document,
    load: () => import('@/page/plan/plan.vue'),
  },
  {
    name: 'commitments',
    path: '/commitments',
    title: ['指标', 'Commitments'],
    may: ['verdict.read'],
    icon: List,
    load: () => import('@/page/commitment/commitments.vue'),
  },
  {
    name: 'commitment',
    path: '/commitments/:id',
    title: ['指标', 'Commitment'],
    may: ['verdict.read'],
    icon: null,
    load: () => import('@/page/commitment/commitment.vue'),
  },
  {
    name: 'rounds',
    path: '/rounds',
    title: ['填报', 'Reporting'],
    may: ['round.read'],
    icon: Edit,
    load: () => import('@/page/report/rounds.vue'),
  },
  {
    name: 'issue',
    path: '/issue',
    title: ['下发填报', 'Issue a round'],
    may: ['round.set'],
    icon: null,
    load: () => import('@/page/report/issue.vue'),
  },
  {
    name: 'round',
    path: '/rounds/:round',
    title: ['填报', 'Reporting'],
    may: ['round.read'],
    icon: null,
    load: () => import('@/page/report/round.vue'),
  },
  {
    name: 'report',
    path: '/rounds/:round/:unit',
    title: ['报表', 'Report'],
    may: ['fact.read'],
    icon: null,
    load: () => import('@/page/report/report.vue'),
  },
  {
    name: 'reviews',
    path: '/reviews',
    title: ['审核', 'Review'],
    may: ['fact.review'],
    icon: Stamp,
    load: () => import('@/page/report/reviews.vue'),
  },
  {
    name: 'reminders',
    path: '/reminders',
    title: ['催办', 'Reminders'],
    may: ['round.read'],
    icon: Bell,
    load: () => import('@/page/report/reminders.vue'),
  },
  {
    name: 'tasks',
    path: '/tasks',
    title: ['任务', 'Tasks'],
    may: ['task.read'],
    icon: Timer,
    load: () => import('@/page/task/tasks.vue'),
  },
  {
    name: 'questions',
    path: '/questions',
    title: ['疑问', 'Questions'],
    may: ['fact.read'],
    icon: ChatDotSquare,
    load: () => import('@/page/question/questions.vue'),
  },
  {
    name: 'question',
    path: '/questions/:question',
    title: ['疑问', 'Question'],
    may: ['fact.read'],
    icon: null,
    load: () => import('@/page/question/question.vue'),
    name: 'task',
    path: '/tasks/:task/:unit',
    title: ['任务', 'Task'],
    may: ['task.read'],
    icon: null,
    load: () => import('@/page/task/task.vue'),
  },
  {
    name: 'units',
    path: '/units',
    title: ['机构', 'Units'],
    may: ['unit.read'],
    icon: OfficeBuilding,
    load: () => import('@/page/unit/units.vue'),
  },
  {
    name: 'people',
    path: '/people',
    title: ['用户与席位', 'Users and seats'],
    may: ['user.read'],
    icon: User,
    load: () => import('@/page/people/people.vue'),
  },
  {
    name: 'user',
    path: '/people/:user',
    title: ['用户', 'User'],
    may: ['user.read'],
    icon: null,
    load: () => import('@/page/people/user.vue'),
  },
  {
    name: 'seat',
    path: '/seats/:seat',
    title: ['岗位', 'Seat'],
    may: ['seat.read'],
    icon: null,
    load: () => import('@/page/people/seat.vue'),
  },
  {
    name: 'rights',
    path: '/rights',
    title: ['权限表', 'Table of rights'],
    may: [],
    icon: null,
    load: () => import('@/page/people/rights.vue'),
  },
  {
    name: 'audit',
    path: '/audit',
    title: ['审计', 'Audit'],
    may: ['log.read'],
    icon: Search,
    load: () => import('@/page/audit/audit.vue'),
  },
  {
    name: 'commit',
    path: '/audit/:commit',
    title: ['审计', 'Audit'],
    may: ['log.read'],
    icon: null,
    load: () => import('@/page/audit/commit.vue'),
  },
  {
    name: 'system',
    path: '/system',
    title: ['系统状态', 'System'],
    may: [],
    icon: Setting,
    load: () => import('@/page/system/system.vue'),
  },
  {
    name: 'account',
    path: '/account',
    title: ['我的账号', 'My account'],
    may: [],
    icon: null,
    load: () => import('@/page/session/account.vue'),
  },
]
