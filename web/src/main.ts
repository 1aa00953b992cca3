// SPDX-License-Identifier: Apache-2.0
import { createApp } from 'vue'
import { followCommits } from '@/api/live'
import { failed, problemOf } from '@/api/problem'
import App from '@/app.vue'
import { followLang } from '@/base/text'
import { followRoutes, router } from '@/router'
import '@/style.css'

const app = createApp(App)
app.config.errorHandler = (thrown) => (failed.value = problemOf(thrown))
router.onError((thrown) => (failed.value = problemOf(thrown)))
followLang()
followRoutes()
followCommits()
app.use(router).mount('#app')
