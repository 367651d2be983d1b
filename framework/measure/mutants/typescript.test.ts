import { describe, expect, it } from 'vitest'
import { mutantsOf } from './typescript.ts'

const changes = (source: string) => mutantsOf('x.ts', source).map(({ change }) => change)

describe('mutantsOf takes out', () => {
  it.each([
    ['a guard', 'if (!row) throw error', ['!row → false', '!row → true']],
    ['one of two conditions', 'x = a || b', ['x = a || b → ;', 'a || b → a', 'a || b → b']],
    ['an option', 'f({ typ, issuer: i })', ['f({ typ, issuer: i }) → ;', 'typ, → ∅', 'issuer: i → ∅']],
    ['an entry', "const claims = ['sub', 'jti']", ["'sub', → ∅", "'jti' → ∅"]],
    ['a step', 'await verifyProof(request)', ['await verifyProof(request) → ;']],
    ['a refusal of last resort', 'function f() { throw error }', ['throw error → ;']],
    ['a limit', 'const maxAge = 60', ['60 → (60 * 10)']],
    [
      'a boundary',
      'if (age > max) f',
      ['age > max → false', 'age > max → true', 'age > max → age >= max', 'f → ;'],
    ],
    ['what narrows a list', 'const known = roles.filter(isRole)', ['roles.filter(isRole) → roles']],
    ['the constant time', 'const same = timingSafeEqual(a, b)', ['timingSafeEqual(a, b) → a.equals(b)']],
    ['who decides, by a step', "const policy = 'opa/scope'", ["'opa/scope' → 'roles'"]],
    ['a verdict', 'const allow = false', ['false → true']],
  ])('%s', (_what, source, expected) => {
    expect(changes(source)).toEqual(expected)
  })
})

describe('of code that makes checks beside much else, mutantsOf takes out', () => {
  const checks = (source: string) =>
    mutantsOf('x.ts', source, { checksOnly: true }).map(({ change }) => change)

  it.each([
    ['a guard', 'if (!row) throw error', ['!row → false']],
    ['one of two conditions', 'const x = a || b', ['a || b → a', 'a || b → b']],
    ['a step', 'await verifyProof(request)', ['await verifyProof(request) → ;']],
    ['a step that protects', "c.header('x', 'y')", ["c.header('x', 'y') → ;"]],
    ['a step that may not be there', 'await session?.destroy()', ['await session?.destroy() → ;']],
    ['a step of its own', 'class A { #check() {} b() { this.#check() } }', ['this.#check() → ;']],
    ['a comparison that is an answer', 'const f = (a) => a.id === b', ['a.id === b → true']],
    ['the same, in a longer function', 'function f(a) { return a < b }', ['a < b → true']],
    ['a refusal of last resort', 'function f() { throw error }', ['throw error → ;']],
    ['a limit', 'const maxAge = 60', ['60 → (60 * 10)']],
    ['a bound', 'const name = z.string().max(9)', ['z.string().max(9) → z.string()']],
    ['a form without other members', 'z.strictObject({ a })', ['strictObject → object']],
  ])('%s', (_what, source, expected) => {
    expect(checks(source)).toEqual(expected)
  })

  it.each([
    ['a value by default', 'const x = a ?? b'],
    ['a part that may be missing', 'const x = { ...(a && { a }) }'],
    ['a listener', "server.on('request', () => f())"],
    ['the end of a promise', 'resolve(1)'],
    ['an option', 'const x = { typ: 1 }'],
    ['a sum', 'const f = (a) => a + 1'],
    ['a step of others', 'list.push(a)'],
    ['a count that begins', 'let n = 0'],
  ])('and leaves alone %s', (_what, source) => {
    expect(checks(source)).toEqual([])
  })
})

it('leaves types, imports and the words of a refusal alone', () => {
  const source = [
    "import { a } from 'a'",
    "type Policy = 'nobody' | { a: true }",
    "const refusal = new AuthError('invalid_token', 'no', { scheme: 'DPoP' })",
  ].join('\n')
  expect(changes(source)).toEqual([])
})

it('gives the whole file with one place changed, and its line', () => {
  const [mutant] = mutantsOf('x.ts', 'const x = 1\nf(a)\n')
  expect(mutant).toEqual({
    file: 'x.ts',
    line: 1,
    change: '1 → (1 * 10)',
    source: 'const x = (1 * 10)\nf(a)\n',
  })
})
