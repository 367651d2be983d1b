import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { testGroups } from './test-groups.ts'

const root = mkdtempSync(join(tmpdir(), 'test-groups-'))
afterAll(() => rmSync(root, { recursive: true }))

function write(path: string, source = ''): void {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), source)
}

it('gives each test file one group, by what it does and where it stands', () => {
  mkdirSync(join(root, 'patterns'))
  write('framework/contract/plain.test.ts')
  write('framework/contract/plain.ts')
  write('framework/contract/mocking.test.ts', "vi.mock('jose')")
  write('framework/contract/process.test.ts', "import { spawn } from 'node:child_process'\nvi.mock('jose')")
  write('framework/contract/keycloak.real.test.ts')
  write('framework/node_modules/other/other.test.ts')
  write('framework/apps/notebook-kernel/any.test.ts')
  write('services/app.test.ts')
  expect(testGroups(root)).toEqual({
    unit: ['framework/contract/plain.test.ts', 'services/app.test.ts'],
    mocking: ['framework/contract/mocking.test.ts'],
    whole: ['framework/apps/notebook-kernel/any.test.ts', 'framework/contract/process.test.ts'],
  })
})
