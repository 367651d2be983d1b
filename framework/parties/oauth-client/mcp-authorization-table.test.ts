import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const table = read('docs/mcp-authorization.md')

/** Each test file that the table names, with the titles that follow it. */
const named = [...table.matchAll(/`([\w./-]+\.test\.ts)`((?:,? “[^”]+”)*)/g)].map(
  ([, file = '', titles = '']) =>
    [file, [...titles.matchAll(/“([^”]+)”/g)].map(([, title]) => title ?? '')] as const,
)
/** Each scenario of the official suite that it names. */
const scenarios = [...table.matchAll(/Suite: ([^|;]+)/g)].flatMap(([, list = '']) =>
  [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
)

describe('docs/mcp-authorization.md', () => {
  it.each(named)('%s has the tests that it names', (file, titles) => {
    expect(existsSync(new URL(file, root))).toBe(true)
    const source = read(file)
    for (const title of titles) expect(source).toContain(title)
  })

  it('names tests at all, and rests on no scenario that is expected to fail', () => {
    expect(named.length).toBeGreaterThan(20)
    expect(scenarios.length).toBeGreaterThan(10)
    for (const file of ['2025-11-25', '2026-07-28', '0.1']) {
      const failing =
        read(`framework/measure/interop/expected-failures/${file}.yml`).match(/^ {2}- .*$/gm) ?? []
      for (const scenario of scenarios) expect(failing).not.toContain(`  - ${scenario}`)
    }
  })
})
