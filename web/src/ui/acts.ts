// SPDX-License-Identifier: Apache-2.0
/** What acts of the log are called, and what they are about. */
import { t, type Text } from '@/base/text'

/** Groups, by what an act begins with: what the list can be narrowed to. */
export const groups: Record<string, Text> = {
  'user.login': ['登录', 'signing in'],
  user: ['用户', 'users'],
  seat: ['岗位', 'seats'],
  units: ['机构', 'units'],
  round: ['布置填报', 'rounds'],
  report: ['填报', 'reports'],
  register: ['台账', 'registers'],
  task: ['任务', 'tasks'],
  question: ['疑问', 'questions'],
  facts: ['导入数据', 'tables taken in'],
  plan: ['计划', 'the plan'],
  offline: ['离线数据包', 'packages'],
  audit: ['存证和核验', 'anchors'],
  backup: ['备份', 'backups'],
}

const acts: Record<string, Text> = {
  'audit.anchor': ['留存存证', 'took an anchor'],
  'backup.done': ['备份', 'made a backup'],
  'book.load': ['导入数据', 'took tables in'],
  'facts.load': ['导入数据', 'took tables in'],
  'offline.in': ['收回离线数据包', 'took a package in'],
  'offline.out': ['发出离线数据包', 'gave a package out'],
  'plan.adopt': ['采用计划', 'adopted a plan'],
  'question.accept': ['认可说明', 'accepted a reply'],
  'question.again': ['要求补充说明', 'asked again'],
  'question.ask': ['提出疑问', 'asked a question'],
  'question.reply': ['答复疑问', 'replied to a question'],
  'register.add': ['登记台账行', 'added a row'],
  'register.approve': ['台账审核通过', 'accepted rows of a register'],
  'register.change': ['变更台账行', 'changed a row'],
  'register.check': ['台账复核', 'checked rows of a register'],
  'register.check-return': ['台账复核退回', 'returned rows within the unit'],
  'register.correct': ['更正台账', 'corrected a register'],
  'register.decline': ['不接收台账行', 'declined a row'],
  'register.end': ['终止台账行', 'ended a row'],
  'register.export': ['导出台账', 'took rows of a register out'],
  'register.keep': ['登记台账', 'kept a register'],
  'register.offer': ['移交台账行', 'offered a row'],
  'register.return': ['退回台账', 'returned rows of a register'],
  'register.set': ['设置台账', 'set a register up'],
  'register.sign.filler': ['台账填报人签字', 'signed a register as filler'],
  'register.sign.head': ['台账负责人签字', 'signed a register as head'],
  'register.sign.reviewer': ['台账复核人签字', 'signed a register as reviewer'],
  'register.strike': ['注销台账行', 'struck a row off'],
  'register.submit': ['报送台账', 'submitted a register'],
  'register.take': ['接收台账行', 'took a row over'],
  'register.undo': ['撤销台账行改动', 'took a change of a row back'],
  'register.withdraw': ['撤回台账', 'withdrew a register'],
  'report.approve': ['报表审核通过', 'accepted a report'],
  'report.correct': ['更正报表', 'corrected a report'],
  'report.lock': ['锁定填报', 'locked a round'],
  'report.return': ['退回报表', 'returned a report'],
  'report.save': ['保存报表', 'saved a report'],
  'report.sign.filler': ['报表填报人签字', 'signed a report as filler'],
  'report.sign.head': ['报表负责人签字', 'signed a report as head'],
  'report.sign.reviewer': ['报表复核人签字', 'signed a report as reviewer'],
  'report.submit': ['报送报表', 'submitted a report'],
  'report.withdraw': ['撤回报表', 'withdrew a report'],
  'round.open': ['布置填报', 'opened a round'],
  'seat.end': ['终止岗位', 'ended a seat'],
  'seat.give': ['授予岗位', 'gave a seat'],
  'seat.hand-over': ['移交岗位', 'handed a seat over'],
  'task.contribute': ['协办提交佐证', 'contributed evidence'],
  'task.extend': ['申请延期', 'asked for more time'],
  'task.file': ['提交佐证', 'filed evidence'],
  'task.grant': ['同意延期', 'granted more time'],
  'task.refuse': ['不同意延期', 'refused more time'],
  'task.return': ['退回任务', 'returned a task'],
  'task.sign-off': ['核销任务', 'signed a task off'],
  'units.change': ['变更机构类别', 'changed a unit'],
  'units.close': ['撤销机构', 'closed a unit'],
  'units.create': ['新设机构', 'made a unit'],
  'units.import': ['导入机构名录', 'took a list of units in'],
  'units.merge': ['合并机构', 'merged units'],
  'units.move': ['划转机构', 'moved a unit'],
  'units.rename': ['机构更名', 'renamed a unit'],
  'units.reopen': ['恢复机构', 'opened a unit again'],
  'units.split': ['拆分机构', 'split a unit'],
  'user.add': ['新建用户', 'made a user'],
  'user.close': ['停用用户', 'closed a user'],
  'user.found': ['设立管理员', 'founded an administrator'],
  'user.link': ['绑定统一认证', 'linked a user'],
  'user.lock': ['锁定用户', 'locked a user'],
  'user.locked': ['多次输错被锁定', 'was locked after wrong tries'],
  'user.login': ['登录', 'signed in'],
  'user.login.sso': ['统一认证登录', 'signed in by the provider'],
  'user.no-totp': ['取消验证器', 'forgot an authenticator'],
  'user.password': ['更改密码', 'changed the password'],
  'user.regain': ['恢复管理员', 'regained an administrator'],
  'user.reopen': ['重新启用用户', 'opened a user again'],
  'user.reset': ['重置密码', 'reset a password'],
  'user.session.end': ['结束登录', 'ended a session'],
  'user.token': ['生成令牌', 'made a token'],
  'user.token.end': ['停用令牌', 'ended a token'],
  'user.totp': ['启用动态码', 'enrolled an authenticator'],
  'user.totp.offer': ['申领动态码密钥', 'asked for a key of an authenticator'],
  'user.unlink': ['解除统一认证', 'ended a link'],
  'user.unlock': ['解除锁定', 'unlocked a user'],
}

export const actText = (act: string) => (acts[act] ? t(acts[act]) : act)

const KNOWN = /\b[a-z]+(?:\.[a-z-]+)+\b/g
const BY = /: (\S+) by (.+?) at (?=\d{4}-)/

/** Where a fact comes from, as an explanation says it, with its act in words. */
export function sourceText(source: string): string {
  return source
    .replace(BY, (_, act: string, who: string) => `: ${who} ${actText(act)} at `)
    .replace(KNOWN, actText)
}

const sorts: Record<string, Text> = {
  user: ['用户', 'user'],
  seat: ['岗位', 'seat'],
  unit: ['机构', 'unit'],
  round: ['填报', 'round'],
  task: ['任务', 'task'],
  form: ['报表', 'report'],
  report: ['报表', 'report'],
  filing: ['台账报送', 'statement of a register'],
  row: ['台账行', 'row of a register'],
  offer: ['台账行移交', 'offer of a row'],
  review: ['台账行审核', 'review of a row'],
  register: ['台账', 'register'],
  question: ['疑问', 'question'],
  plan: ['计划', 'plan'],
}

export interface About {
  text: string
  /** Its page, where it has one. */
  to?: string
}

const PAGES: Record<string, (id: string) => string> = {
  user: (id) => `/people/${encodeURIComponent(id)}`,
  seat: (id) => `/seats/${encodeURIComponent(id)}`,
}

/** What a commit was about: the heads of lists, such as `rounds`, say nothing. */
export function aboutOf(subjects: string[]): About[] {
  return subjects
    .filter((s) => s.includes('/'))
    .map((s) => {
      const [sort = '', ...rest] = s.split('/')
      const id = rest.join('/')
      const page = PAGES[sort]?.(id)
      return { text: `${sorts[sort] ? t(sorts[sort]) : sort} ${id}`, ...(page && { to: page }) }
    })
}
