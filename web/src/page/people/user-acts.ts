// SPDX-License-Identifier: Apache-2.0
/** What the security administrator does to a user: when it can be done, and what comes of it. */
import type { Shape } from '@/api/ask'
import type { Text } from '@/base/text'

type User = Shape<'user'>

export interface UserAct {
  path:
    | '/users/{user}/reset'
    | '/users/{user}/lock'
    | '/users/{user}/unlock'
    | '/users/{user}/no-totp'
    | '/users/{user}/unlink'
    | '/users/{user}/close'
    | '/users/{user}/reopen'
  title: Text
  what: Text
  danger?: boolean
  when: (u: User) => boolean
}

const isOpen = (u: User) => u.state === 'open'

export const userActs: UserAct[] = [
  {
    path: '/users/{user}/unlock',
    title: ['解除锁定', 'Unlock'],
    what: [
      '输错次数清零，立即可以再登录。',
      'Wrong tries are forgotten; he can sign in again at once.',
    ],
    when: (u) => isOpen(u) && (u.lock !== '' || u.tries > 0),
  },
  {
    path: '/users/{user}/reset',
    title: ['重置密码', 'Reset the password'],
    what: [
      '得到一个一次性密码；现有的密码、登录和令牌随即失效。',
      'He gets a password for one use; his password, sessions and tokens end at once.',
    ],
    when: isOpen,
  },
  {
    path: '/users/{user}/no-totp',
    title: ['取消验证器', 'Forget the authenticator'],
    what: [
      '验证器丢失时用：登录不再要动态码，本人可重新绑定。',
      'For one that is lost: no code is asked for until he enrols another one.',
    ],
    when: (u) => isOpen(u) && u.totp,
  },
  {
    path: '/users/{user}/unlink',
    title: ['解除统一认证', 'End the link'],
    what: [
      '不能再经统一认证登录，密码登录不受影响。',
      'He cannot come by the provider any more, only by password.',
    ],
    when: (u) => isOpen(u) && u.link !== '',
  },
  {
    path: '/users/{user}/lock',
    title: ['立即锁定', 'Lock at once'],
    what: [
      '现有登录和令牌全部结束，解除锁定前不能再登录。岗位不变。',
      'His sessions and tokens end, and he cannot sign in until unlocked. Seats stay.',
    ],
    danger: true,
    when: (u) => isOpen(u) && u.lock !== 'administrator',
  },
  {
    path: '/users/{user}/close',
    title: ['停用', 'Close'],
    what: [
      '用于离职离岗。须先移交或终止其全部岗位；姓名仍留在他办过的事项中。',
      'For who has left. His seats are handed over first; his name stays under what he has done.',
    ],
    danger: true,
    when: isOpen,
  },
  {
    path: '/users/{user}/reopen',
    title: ['重新启用', 'Open again'],
    what: ['得到一个一次性密码；岗位须另行授予。', 'He gets a password for one use, and no seats.'],
    when: (u) => !isOpen(u),
  },
]
