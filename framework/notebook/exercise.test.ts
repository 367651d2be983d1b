import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { checkExercise, type Exercise } from './exercise.ts'

const exercise = {
  pattern: 'p01',
  file: 'service-auth.ts',
  line: "policy: 'nobody'",
  to: "policy: 'any-caller'",
  predict: { 'anonymous-call': 'blocked', 'alice 1': 'denied' },
} satisfies Exercise

async function verdictOn(changes: Partial<Exercise>, goal?: Exercise['predict']): Promise<string> {
  const { 'text/plain': text = '' } = await checkExercise({ ...exercise, ...changes }, goal)
  return text
}

describe('an exercise', () => {
  it('does not hold while the line is as it was', async () => {
    expect(await verdictOn({ to: exercise.line })).toBe(
      '**Not yet**: nothing is changed: put your line into `to`.',
    )
  })

  it('does not hold before everything is predicted', async () => {
    expect(await verdictOn({ predict: { 'anonymous-call': '?', 'alice 1': 'denied' } })).toBe(
      '**Not yet**: predict first: anonymous-call.',
    )
  })

  it('does not hold where the changed pattern does something else', async () => {
    const text = await verdictOn({ predict: { 'anonymous-call': 'succeeds', 'alice 1': 'denied' } })
    expect(text).toMatch(/^\*\*Not yet\*\*: 1 of 2 came out otherwise/)
    expect(text).toMatch(/anonymous-call +succeeds +✗ blocked/)
  })

  it('does not hold where the predictions do and the goal does not', async () => {
    const predict = { 'alice 1': 'denied' }
    expect(await verdictOn({ predict }, { 'alice 2': 'allowed' })).toMatch(/^\*\*Not yet\*\*/)
  })

  it('holds where all is as predicted', async () => {
    expect(await verdictOn({})).toMatch(/^\*\*Holds\*\*/)
  })

  it('leaves no copy behind', async () => {
    await verdictOn({})
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('p01-no-auth-changed-'))).toEqual([])
  })

  it.each([
    ['a line that is not there', { line: 'no such line' }, /has the line "no such line" 0 times/],
    ['a line that is there twice', { line: 'nobody' }, /has the line "nobody" 2 times/],
    ['an attack that there is not', { predict: { 'no-attack': 'blocked' } }, /no attack "no-attack"/],
    ['a user that there is not', { predict: { 'carol 1': 'denied' } }, /no user "carol"/],
  ])('says what is wrong with %s, in one line', async (_what, changes, message) => {
    const checking = verdictOn(changes)
    await expect(checking).rejects.toThrow(message)
    await expect(checking).rejects.toThrow(/^[^\n]*$/)
  })
})
