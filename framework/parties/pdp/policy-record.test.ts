import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { isBuiltFrom, policyFolder, recordBuild, recordData, revisionOf, staleness } from './policy-record.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-test-'))
  cpSync(policyFolder, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))
const manifest = () => JSON.parse(readFileSync(join(folder, '.manifest'), 'utf8'))

describe('staleness', () => {
  it.each(['scope.rego', 'data.json', 'policy.wasm'])('names %s where it has changed', (name) => {
    appendFileSync(join(folder, name), '\n')
    expect(staleness(folder)).toEqual([`${name} has changed`])
  })

  it.each(['scope.rego', 'data.json', 'policy.wasm'])('names %s where it is missing', (name) => {
    rmSync(join(folder, name))
    expect(staleness(folder)).toEqual([`${name} is missing`])
  })

  it('names a source that was not there when policy.wasm was built', () => {
    writeFileSync(join(folder, 'more.rego'), 'package agentauth.more\n')
    expect(staleness(folder)).toEqual(['more.rego has changed'])
  })

  it.each([
    ['is missing', (path: string) => rmSync(path)],
    ['names another', (path: string) => writeFileSync(path, '{ "revision": "1" }')],
  ])('finds a manifest that %s', (_case, harm) => {
    harm(join(folder, '.manifest'))
    expect(staleness(folder)).toEqual(['.manifest names another revision'])
  })

  it('refuses where the record is missing', () => {
    rmSync(join(folder, 'policy.wasm.json'))
    expect(() => staleness(folder)).toThrow(UserError)
    expect(() => staleness(folder)).toThrow(/policy\.wasm\.json cannot be read .* run: pnpm run policy build/)
  })

  it('does not mind tests, which are not compiled', () => {
    appendFileSync(join(folder, 'scope_test.rego'), '\n')
    expect(staleness(folder)).toEqual([])
  })

  it('finds nothing once new data is recorded', () => {
    writeFileSync(join(folder, 'data.json'), '{}\n')
    recordData(folder)
    expect(staleness(folder)).toEqual([])
  })
})

describe('policy.wasm is taken as it is', () => {
  it('where the Rego beside it made it, whatever the data are', () => {
    appendFileSync(join(folder, 'data.json'), '\n')
    expect(isBuiltFrom(folder)).toBe(true)
  })

  it.each<[string, () => void]>([
    ['has changed', () => appendFileSync(join(folder, 'policy.wasm'), '\n')],
    ['is missing', () => rmSync(join(folder, 'policy.wasm'))],
    ['has no record', () => rmSync(join(folder, 'policy.wasm.json'))],
    ['has a record of nothing', () => writeFileSync(join(folder, 'policy.wasm.json'), '{}')],
    ['was made from other Rego', () => appendFileSync(join(folder, 'gate.rego'), '\n')],
    ['was made from more Rego', () => rmSync(join(folder, 'agents.rego'))],
    ['was made from less Rego', () => writeFileSync(join(folder, 'more.rego'), 'package agentauth.more\n')],
  ])('and not where it %s', (_what, harm) => {
    harm()
    expect(isBuiltFrom(folder)).toBe(false)
  })
})

describe('a build is recorded', () => {
  it('with what it was made from', () => {
    appendFileSync(join(folder, 'gate.rego'), '\n')
    recordBuild(folder, '9.9.9')
    expect(staleness(folder)).toEqual([])
    expect(isBuiltFrom(folder)).toBe(true)
  })

  it('as another revision for each change of Rego or data, and for none of a test', () => {
    const before = revisionOf(folder)
    appendFileSync(join(folder, 'gate_test.rego'), '\n')
    expect(revisionOf(folder)).toBe(before)
    appendFileSync(join(folder, 'gate.rego'), '\n')
    const changed = revisionOf(folder)
    expect(changed).not.toBe(before)
    appendFileSync(join(folder, 'data.json'), '\n')
    expect(revisionOf(folder)).not.toBe(changed)
  })

  it('and the bundle owns its packages, who may ask the server, and its data: nothing else writes there', () => {
    writeFileSync(join(folder, 'data.json'), '{ "users": {}, "more": {} }\n')
    recordData(folder)
    expect(manifest()).toEqual({
      revision: revisionOf(folder),
      roots: ['agentauth', 'system', 'users', 'more'],
    })
  })
})
