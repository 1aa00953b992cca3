// SPDX-License-Identifier: Apache-2.0
// How the application is built (docs/internals/web.md).
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

/** Where a component of Element Plus is imported by name, its style is, too. */
function elementStyles(): Plugin {
  const named = /import \{([^}]+)\} from ['"]element-plus['"]/g
  const folder = (name: string) =>
    name
      .slice(2)
      .replace(/\B([A-Z])/g, '-$1')
      .toLowerCase()
  return {
    name: 'element-styles',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/src/') || id.includes('node_modules')) {
        return null
      }
      const words = [...code.matchAll(named)].flatMap((m) => m[1]!.split(','))
      const styles = words
        .map((w) => w.trim().split(' ')[0]!)
        .filter((w) => /^El[A-Z]/.test(w))
        .map((w) => `import 'element-plus/es/components/${folder(w)}/style/css'`)
      return styles.length > 0 ? { code: `${styles.join('\n')}\n${code}`, map: null } : null
    },
  }
}

export default defineConfig({
  plugins: [vue(), elementStyles()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    target: 'es2021',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Small pieces that pages share are put together: each is a request of its own otherwise.
    rollupOptions: { output: { experimentalMinChunkSize: 10_000 } },
    chunkSizeWarningLimit: 600, // ECharts, which the first view does not load
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
})
