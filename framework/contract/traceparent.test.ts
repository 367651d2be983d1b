import { describe, expect, it } from 'vitest'
import { childOf, isMalformedTraceparent, newTraceparent, traceIdOf, traceparentFrom } from './traceparent.ts'

const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('traceparent', () => {
  it('is the first text that is one', () => {
    expect(traceparentFrom(undefined, [valid], 'garbage', `${valid.slice(0, -1)}0`, valid)).toBe(
      `${valid.slice(0, -1)}0`,
    )
  })

  it.each([
    undefined,
    null,
    7,
    '',
    'garbage',
    `${valid}-more`,
    valid.toUpperCase(),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    `${valid}\r\nx-api-key: stolen`,
  ])('starts a new trace instead of %j', (value) => {
    const made = traceparentFrom(value)
    expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(made).not.toBe(valid)
  })

  it.each([
    7,
    '',
    'garbage',
    `${valid}-more`,
    valid.toUpperCase(),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    `ff${valid.slice(2)}`,
    `01${valid.slice(2)}-a\nb`,
    `01${valid.slice(2)}-${'a'.repeat(457)}`,
    `${valid}, ${valid}`,
    [valid],
  ])('calls %j malformed', (value) => {
    expect(isMalformedTraceparent(value)).toBe(true)
  })

  it.each([undefined, null, valid, `01${valid.slice(2)}`, `cc${valid.slice(2)}-what-comes-later`])(
    'does not call %j malformed',
    (value) => {
      expect(isMalformedTraceparent(value)).toBe(false)
    },
  )

  it('takes the first that is valid', () => {
    expect(traceparentFrom('garbage', valid, newTraceparent())).toBe(valid)
  })

  it('keeps the trace and changes the span of a child', () => {
    const child = childOf(valid)
    expect(traceIdOf(child)).toBe(traceIdOf(valid))
    expect(child).not.toBe(valid)
  })
})
