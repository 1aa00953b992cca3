// SPDX-License-Identifier: Apache-2.0
// The application in a browser: pages first, then stories.
import './first.mjs'
import './pages.mjs'
import './long.mjs'
import './jobs.mjs'
import './jobs-session.mjs'
import './jobs-report.mjs'
import './jobs-sign.mjs'
import './jobs-hands.mjs'
import './jobs-people.mjs'
import './jobs-admin.mjs'
import './jobs-sso.mjs'
import './jobs-plan.mjs'
import './jobs-question.mjs'
import './jobs-round.mjs'
import './jobs-task.mjs'
import './jobs-register.mjs'
import './jobs-row.mjs'
import './jobs-transfer.mjs'
import './jobs-pack.mjs'
import { main } from './lib.mjs'

await main()
