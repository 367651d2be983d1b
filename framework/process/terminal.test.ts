import { afterEach, describe, expect, it, vi } from 'vitest'
import { columns, printable } from './terminal.ts'

afterEach(() => {
  vi.resetModules()
  vi.restoreAllMocks()
})

describe('what is printed', () => {
  it.each([
    ['a cleared screen', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
    ['a title', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['a clipboard', '\u001b]52;c;cm0gLXJmIH4=\u0007', '\\u001b]52;c;cm0gLXJmIH4=\\u0007'],
    ['a carriage return', 'refused\rallowed', 'refused\\rallowed'],
    ['a change of direction', 'a\u202eb', 'a\\u202eb'],
    ['a control sequence of eight bits', '\u009b2J', '\\u009b2J'],
  ])('does not command the terminal: %s', (_what, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('keeps lines and colours', () => {
    expect(printable('\u001b[31mred\u001b[39m\n\u001b[1mbold\u001b[22m')).toBe(
      '\u001b[31mred\u001b[39m\n\u001b[1mbold\u001b[22m',
    )
  })

  it('has one line for each row', () => {
    expect(columns([['a', 'b\nc  d']])).toEqual(['a  b\\nc  d'])
  })

  it('goes to standard error where standard output is left to a journal', async () => {
    const { leaveStandardOutput, say } = await import('./terminal.ts')
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    say('before')
    leaveStandardOutput()
    say('after')
    expect(out.mock.calls).toEqual([['before\n']])
    expect(err.mock.calls).toEqual([['after\n']])
  })
})
