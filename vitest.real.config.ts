import { defineConfig } from 'vitest/config'

/** The tests that need Keycloak and an OPA server: pnpm run stack up, then pnpm run test:real. */
export default defineConfig({
  test: {
    include: ['**/*.real.test.ts'],
    globalSetup: 'framework/measure/faults/testing/require-stack.ts',
    // One after another: they change the same realm.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
