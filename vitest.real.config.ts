import { defineConfig } from 'vitest/config'

/** The tests that need Keycloak and an OPA server: pnpm run stack up, then pnpm run test:real. */
export default defineConfig({
  test: {
    include: ['**/*.real.test.ts'],
    globalSetup: 'framework/measure/faults/testing/require-stack.ts',
    // One after another: they change the same realm.
    fileParallelism: false,
    // One of them is a whole pattern with every attack, on a machine that may have other work.
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
  },
})
