import { afterAll, describe, expect, it } from 'vitest'
import { openLesson } from './lesson.ts'
import { proofTable, tokenDiff } from './token-diff.ts'
import { tokenView } from './token-view.ts'

const lesson = await openLesson('p08')
const run = await lesson.ask('alice', 'What are my expenses?')
afterAll(async () => {
  await lesson.runner.stop()
  await (await lesson.before())?.runner.stop()
})

describe('a token, decoded', () => {
  it('has its JOSE header above its claims', async () => {
    const [{ 'text/plain': text = '' } = {}] = await tokenDiff(lesson, run)
    expect(text).toMatch(/^header\.typ +at\+jwt +at\+jwt +RFC 9068 section 2\.1$/m)
    expect(text).toMatch(/^header\.alg +ES256 +ES256 +RFC 7515 section 4\.1\.1$/m)
    expect(text).toMatch(/^typ +Bearer +DPoP +changed +Keycloak's own$/m)
    expect(text.indexOf('header.kid')).toBeLessThan(text.indexOf('\niss'))
  })
})

describe('the parts of a token that matter', () => {
  it('stand alone, above all others', async () => {
    const [shown, others] = await tokenDiff(lesson, run, { matters: ['cnf'] })
    expect(shown?.['text/plain']).toMatch(/^cnf /m)
    expect(shown?.['text/plain']).not.toMatch(/^iss /m)
    expect(others?.['text/plain']).toMatch(/^iss /m)
    expect(others?.['text/html']).toMatch(/^<details>/)
  })
})

describe('a token, encoded', () => {
  const { 'text/plain': text = '' } = tokenView(lesson, run)
  const [header = '', claims = '', signature = ''] = (text.split('\n')[0] ?? '').split('.')

  it('decodes to what stands beside it', () => {
    expect(header).toMatch(/^eyJ/)
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      typ: 'at+jwt',
      alg: 'ES256',
    })
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      aud: 'expenses',
      roles: ['admin'],
      act: { sub: 'mcp-server' },
      cnf: { jkt: "‹thumbprint of the MCP server's key›" },
    })
  })

  it('has no signature, and no value that was in the token of one run alone', () => {
    expect(signature).toBe('‹signature, not shown›')
    const token = run.hops.flatMap(({ tokens }) => tokens).find(({ claims }) => claims.aud === 'expenses')
    expect(text).not.toContain(String(token?.claims.jti))
  })
})

describe('a proof, decoded', () => {
  it('has its type and the public key in its header', () => {
    const { 'text/plain': text = '' } = proofTable(lesson, run)
    expect(text).toMatch(/^header\.typ +dpop\+jwt +RFC 9449 section 4\.2$/m)
    expect(text).toMatch(/^header\.jwk +‹the MCP server's public key› +RFC 9449 section 4\.2$/m)
    expect(text).toMatch(/^jti +‹unique id› +RFC 9449 section 4\.2$/m)
  })
})
