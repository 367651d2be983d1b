import { defineConfig } from 'vitest/config'

/** The tests that need other people's software, which `pnpm run interop` installs first. */
export default defineConfig({
  test: {
    include: ['framework/measure/interop/**/*.interop.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    // One at a time: they are long, and each has a whole stack.
    fileParallelism: false,
  },
})
