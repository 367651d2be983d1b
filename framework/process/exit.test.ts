import { AuthError } from '@lab/contract'
import { afterEach, expect, it, vi } from 'vitest'
import { exitCodeOf } from './exit.ts'
import { Finding, Problems, UserError } from './user-error.ts'

/** A line that looks like one of ours, the colours that hide what follows, and a cleared screen. */
const hostile = 'of x\nerror: forged \u001b[8m\u001b[2J\u202e'
const shown = 'of x\\nerror: forged \\u001b[8m\\u001b[2J\\u202e'
afterEach(() => vi.restoreAllMocks())

function said(error: unknown): [code: number, text: string] {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  return [exitCodeOf(error), write.mock.calls.join('')]
}

it.each([
  ['a mistake that a person can fix', new UserError(hostile), 2],
  ['a refusal', new AuthError('idp_unavailable', hostile), 2],
  ['a denial of the system', Object.assign(new Error('x'), { code: 'EACCES', path: hostile }), 2],
])('%s is one line, whatever a stranger wrote in it', (_what, error, expected) => {
  const [code, text] = said(error)
  expect(code).toBe(expected)
  expect(text).toContain(shown)
  expect(text).toMatch(/^error: .+\n$/)
  expect(text).not.toContain('\u001b')
})

it.each([
  [
    'several problems keep a line each',
    new Problems('realm \u202ex', [hostile], 'look there'),
    `error: realm \\u202ex has 1 problem\n  ${shown}\nlook there\n`,
    2,
  ],
  ['a finding keeps its lines', new Finding('two lines:\na\u001b[2J'), 'error: two lines:\na\\u001b[2J\n', 1],
  [
    'a defect shows its stack',
    Object.assign(new Error('x'), { stack: 'E\n  at \u001b[2J' }),
    'E\n  at \\u001b[2J\n',
    1,
  ],
])('%s, and commands no terminal', (_what, error, text, code) => {
  expect(said(error)).toEqual([code, text])
})
