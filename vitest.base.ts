import { defineConfig } from 'vitest/config'

/** Tests import the packages' sources, not their builds. */
const conditions = ['@amis-sync/source', 'node', 'import', 'default']

export const base = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
