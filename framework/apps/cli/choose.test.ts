import { describe, expect, it, vi } from 'vitest'
import { type Capability, capabilityNames, needs } from '../../measure/choose/capabilities.ts'
import { choose, readMatrix } from '../../measure/choose/choose.ts'
import { concerns, type Situation } from '../../measure/choose/concerns.ts'
import { otherProvider, providers } from '../../measure/choose/providers.ts'
import { patternOrder } from '../../measure/declarations/order.ts'
import { answersFrom } from './choose-questions.ts'
import { runHere } from './testing/run-here.ts'

const matrix = await readMatrix()
const situation = (changes: Partial<Situation> = {}): Situation => ({
  caller: 'user',
  effect: 'write',
  latency: 'any',
  ...changes,
})
const rungWith = (can: readonly Capability[], changes?: Partial<Situation>) =>
  choose(otherProvider(can), situation(changes), matrix).rung

describe('the matrix of choose', () => {
  it('has each pattern of the ladder, with what it is built on and what it costs', async () => {
    const names = (await patternOrder()).ladder
    expect(matrix.rungs.map(({ name }) => name)).toEqual(names)
    expect(names.filter((name) => !(name.slice(0, 3) in needs))).toEqual([])
    expect(names.filter((name) => !matrix.costs.patterns[name])).toEqual([])
  })

  it('has every attack that succeeds somewhere under one concern, and no other', () => {
    const succeeding = new Set(matrix.rungs.flatMap(({ attacks }) => attacks.succeed))
    expect(concerns.flatMap(({ attacks }) => attacks).sort()).toEqual([...succeeding].sort())
  })
})

describe('choose', () => {
  it.each<[string, Capability[], Partial<Situation>]>([
    ['p04', [], {}],
    ['p05', ['jwt'], {}],
    ['p05', ['jwt', 'scopes', 'act', 'dpop'], {}],
    ['p06', ['jwt', 'scopes', 'exchange'], { effect: 'irreversible' }],
    ['p06', ['jwt', 'scopes', 'exchange', 'dpop'], { effect: 'irreversible' }],
    ['p06', [...capabilityNames], { effect: 'read' }],
    ['p07', [...capabilityNames], { effect: 'write' }],
    ['p07', [...capabilityNames], { effect: 'read', caller: 'agents' }],
    ['p08', [...capabilityNames], { effect: 'irreversible' }],
    ['p05', [...capabilityNames], { latency: 'low' }],
  ])('says %s for %j in %j', (rung, can, changes) => {
    expect(rungWith(can, changes)).toBe(rung)
  })

  it('takes what is unknown for absent, and says what to find out', () => {
    const { rung, remarks } = choose(providers.okta, situation({ effect: 'irreversible' }), matrix)
    expect(rung).toBe('p06')
    expect(remarks.join('\n')).toMatch(/For p07 you would need `act` \(unknown: /)
    expect(remarks.join('\n')).toContain('No rung measures that')
  })

  it('names what stays open, and the pattern that stops it', () => {
    const { concerns } = choose(providers.entra, situation(), matrix)
    const open = concerns.flatMap(({ open }) => open)
    expect(open).toContainEqual({ id: 'conflict-of-interest', stoppedBy: 'p07' })
    expect(open).toContainEqual({ id: 'injection-within-authority' })
  })

  it('says what keeping tokens costs where no request to the IdP may be made', () => {
    const { cost, remarks } = choose(providers.keycloak, situation({ latency: 'low' }), matrix)
    expect(cost.idpRequests).toBe(0)
    expect(remarks.join('\n')).toContain('reopens after-logout and suspended-in-mid-run')
  })
})

describe('the questions of choose', () => {
  async function asked(flags: Parameters<typeof answersFrom>[0], ...typed: string[]) {
    let said = ''
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said += text
      return true
    })
    const left = [...typed]
    const answers = await answersFrom(flags, async () => left.shift() ?? '').finally(() =>
      write.mockRestore(),
    )
    return { ...answers, said, left }
  }

  it('take a number or a word, and ask again for what they do not understand', async () => {
    const { provider, situation, said, left } = await asked(
      {},
      'acme',
      '7',
      'jwt, magic',
      'jwt,2',
      'agents',
      ' 3 ',
      'LOW',
    )
    expect(provider).toEqual(otherProvider(['jwt', 'scopes']))
    expect(situation).toEqual({ caller: 'agents', effect: 'irreversible', latency: 'low' })
    expect(left).toEqual([])
    expect(said.match(/^Which identity provider do you have\?$/gm)).toHaveLength(1)
    expect(said).toMatch(/^the answer must be one of okta, entra, .*, not "acme"$/m)
    expect(said).toMatch(/^the answer must be one of jwt, .*, not " magic"$/m)
  })

  it('are those alone that no flag has answered', async () => {
    const { provider, situation, said } = await asked({ idp: 'okta', caller: 'user', latency: 'any' }, '1')
    expect(provider).toBe(providers.okta)
    expect(situation).toEqual({ caller: 'user', effect: 'read', latency: 'any' })
    expect(said.match(/\?$/gm)).toEqual(['?'])
  })
})

describe('pnpm run choose', () => {
  const given = ['--idp', 'okta', '--caller', 'user', '--effect', 'write', '--latency', 'any']

  it('answers without a question where all is given', async () => {
    const { code, out } = await runHere(['choose', ...given])
    expect(code).toBe(0)
    expect(out).toMatch(/^p06: Scoped token \+ OPA\n/)
    expect(out.split('\n').every((line) => line.length <= 100)).toBe(true)
    const json = JSON.parse((await runHere(['choose', ...given, '--json'])).out)
    expect(json).toMatchObject({ provider: 'Okta', rung: 'p06', cost: { idpRequests: 1 } })
  })

  it.each([
    [
      'nothing',
      [],
      /^error: --idp, --caller, --effect, --latency missing: give them, or run it in a terminal/,
    ],
    ['no --can', ['--idp', 'other', ...given.slice(2)], /^error: --can missing: /],
    ['another IdP', ['--idp', 'acme', ...given.slice(2)], /^error: --idp must be one of okta, .*not "acme"/],
    [
      'another ability',
      ['--idp', 'other', '--can', 'jwt,magic', ...given.slice(2)],
      /--can must be .*"magic"/,
    ],
    [
      '--can of a known IdP',
      ['--can', 'jwt', ...given],
      /--can is for --idp other: what okta can do is known/,
    ],
  ])('answers %s in one line, with exit code 2', async (_what, args, message) => {
    const { code, out, err } = await runHere(['choose', ...args])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
