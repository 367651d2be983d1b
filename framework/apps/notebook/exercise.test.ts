import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { checkExercise, type Exercise } from './exercise.ts'
import { readPrediction } from './prediction.ts'

/** Refuses everybody. */
const exercise = {
  pattern: 'p01',
  file: 'service-auth.ts',
  line: "policy: 'nobody'",
  to: "policy: 'any-caller'",
  predict: { 'alice 1': 'denied' },
} satisfies Exercise

/** Refuses nobody. */
const harmless = {
  pattern: 'p01',
  file: 'mcp-auth.ts',
  line: 'return {}',
  to: "return { 'x-user': 'bob' }",
  predict: { 'anonymous-call': 'succeeds', 'alice 1': 'allowed' },
} satisfies Exercise

async function assessmentOf(changes: Partial<Exercise>, goal?: Exercise['predict']): Promise<string> {
  const changed = { ...exercise, ...changes }
  const { 'text/plain': text = '' } = await checkExercise(changed, [firstOf(changed.predict)], goal)
  return text
}

function firstOf(predict: Exercise['predict']): string {
  return Object.keys(predict)[0] ?? 'allowed'
}

describe('an exercise', () => {
  it('does not hold while the line is as it was', async () => {
    expect(await assessmentOf({ to: exercise.line })).toBe(
      '**Not yet**: nothing is changed: put your line into `to`.',
    )
  })

  it('does not hold before everything is predicted', async () => {
    expect(await assessmentOf({ predict: { allowed: '?', 'alice 1': 'denied' } })).toBe(
      '**Not yet**: predict first: allowed.',
    )
  })

  it.each([
    ['anonymous-call', 'maybe', 'write succeeds (S, yes), blocked (B, no) or n/a (–).'],
    ['alice 1', 'S', 'write allowed (yes), denied (no) or wrong-user'],
    ['allowed', 'many', 'write a number'],
  ])('says which words would do for %s where "%s" is predicted', async (name, word, words) => {
    const text = await assessmentOf({ predict: { [name]: word } })
    expect(text).toContain(`**Not yet**: "${word}" is no prediction for ${name}: ${words}`)
  })

  it.each(['succeeds', 'S', 's', 'Yes'])('takes "%s" for succeeds', (word) => {
    expect(readPrediction('anonymous-call', word)).toBe('succeeds')
  })

  it.each([
    ['anonymous-call', 'B', 'blocked'],
    ['anonymous-call', '–', 'n/a'],
    ['alice 1', ' Allowed ', 'allowed'],
    ['alice 1', 'no', 'denied'],
    ['allowed', 12, '12'],
  ])('takes for %s the word "%s"', (name, word, outcome) => {
    expect(readPrediction(name, word)).toBe(outcome)
  })

  it('does not hold where nothing is predicted', async () => {
    expect(await assessmentOf({ predict: {} })).toBe('**Not yet**: predict first: allowed.')
  })

  it.each([
    ['calls what there is not', 'policy: nosuch()', "service-auth.ts line 11: Cannot find name 'nosuch'."],
    ['has a typo in a value', "policy: 'rolez'", `service-auth.ts line 11: Type '"rolez"' is not assignable`],
    ['is no code', "policy: '", 'service-auth.ts line 11: Unterminated string literal.'],
  ])('does not hold for a line that %s, although it denies everything', async (_what, to, complaint) => {
    const text = await assessmentOf({ to, predict: { allowed: 0 } })
    expect(text).toContain(`**Not yet**: your line does not compile: \`${complaint}`)
  })

  it('does not hold for a line that throws, although it denies everything', async () => {
    const to = "policy: JSON.parse('').policy"
    const cell = await assessmentOf({ to, predict: { 'alice 1': 'denied' } })
    expect(cell).toMatch(/^\*\*Not yet\*\*: alice 1 could not be measured/)
    const count = await assessmentOf({ to, predict: { allowed: 0 } })
    expect(count).toMatch(/^\*\*Not yet\*\*: allowed could not be measured/)
    expect(count).toMatch(/✗ error +alice 1: unexpected SyntaxError/)
    const attack = await assessmentOf({ to, predict: { 'anonymous-call': 'blocked' } })
    expect(attack).toMatch(/^\*\*Not yet\*\*: anonymous-call could not be measured/)
  })

  it('does not hold for an attack on a pattern that refuses everybody', async () => {
    const text = await assessmentOf({ predict: { 'anonymous-call': 'blocked' } })
    expect(text).toMatch(/^\*\*Not yet\*\*: anonymous-call could not be measured/)
    expect(text).toMatch(/✗ error +the service refused the honest run with 403$/)
  })

  it('does not hold where the changed pattern does something else', async () => {
    const predict = { 'anonymous-call': 'blocked', 'alice 1': 'allowed' }
    const text = await assessmentOf({ ...harmless, predict })
    expect(text).toMatch(/^\*\*Not yet\*\*: 1 of 2 are different/)
    expect(text).toMatch(/anonymous-call +blocked +✗ succeeds/)
  })

  it('does not hold where the predictions do and the goal does not', async () => {
    const predict = { 'alice 1': 'denied' }
    expect(await assessmentOf({ predict }, { 'alice 2': 'allowed' })).toMatch(/^\*\*Not yet\*\*/)
  })

  it('does not hold where the goal is met and the prediction was another', async () => {
    const predict = { 'alice 1': 'allowed' }
    expect(await assessmentOf({ predict }, { 'alice 1': 'denied' })).toMatch(/^\*\*Not yet\*\*: 1 of 2/)
  })

  it('holds where all is as predicted', async () => {
    expect(await assessmentOf(harmless)).toMatch(/^\*\*Holds\*\*/)
  })

  it('says why it came out as it did', async () => {
    const text = await assessmentOf({ predict: { allowed: 0, ...exercise.predict } })
    const why = 'the identity names no client'
    expect(text).toMatch(new RegExp(`^alice 1 +denied +✓ denied +${why}`, 'm'))
    expect(text).toMatch(new RegExp(`^allowed +0 +✓ 0 +${why}`, 'm'))
  })

  it('leaves no copy behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exercise-test-'))
    vi.stubEnv('TMPDIR', folder)
    await assessmentOf({}).finally(() => vi.unstubAllEnvs())
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^p01-no-auth-changed-/))
    await rm(folder, { recursive: true })
  })

  it.each([
    ['a line that is not there', { line: 'no such line' }, /has the line "no such line" 0 times/],
    ['a line that is there twice', { line: 'nobody' }, /has the line "nobody" 2 times/],
    [
      'code that throws when it is loaded',
      { line: 'export const', to: "JSON.parse('')\nexport const", predict: { 'alice 1': 'denied' } },
      /^the changed copy of patterns\/p01-no-auth\/service-auth\.ts:8 cannot be loaded: Unexpected end of JSON/,
    ],
    [
      'an attack that there is not',
      { predict: { 'no-attack': 'blocked' } },
      /^"no-attack" cannot be measured: give the id of an attack/,
    ],
    ['a prompt that there is not', { predict: { 'zoe 9': 'denied' } }, /^"zoe 9" cannot be measured/],
    ['a misspelt count', { predict: { alowed: 0 } }, /^"alowed" cannot be measured/],
    ['a user that there is not', { predict: { 'carol 1': 'denied' } }, /unknown user "carol"/],
  ])('says what is wrong with %s, in one line', async (_what, changes, message) => {
    const checking = assessmentOf(changes)
    await expect(checking).rejects.toThrow(message)
    await expect(checking).rejects.toThrow(/^[^\n]*$/)
  })
})
