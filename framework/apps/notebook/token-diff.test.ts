import { afterAll, describe, expect, it } from 'vitest'
import { openLesson } from './lesson.ts'
import { proofTable, tokenDiff } from './token-diff.ts'

const lesson = await openLesson('p08')
const run = await lesson.ask('alice', 'What are my expenses?')
afterAll(async () => {
  await lesson.runner.stop()
  await (await lesson.before())?.runner.stop()
})

describe('a token, decoded', () => {
  it('has its JOSE header above its claims', async () => {
    const { 'text/plain': text = '' } = await tokenDiff(lesson, run)
    expect(text).toMatch(/^header\.typ +at\+jwt +at\+jwt +RFC 9068 section 2\.1$/m)
    expect(text).toMatch(/^header\.alg +ES256 +ES256 +RFC 7515 section 4\.1\.1$/m)
    expect(text).toMatch(/^typ +Bearer +DPoP +changed +Keycloak's own$/m)
    expect(text.indexOf('header.kid')).toBeLessThan(text.indexOf('\niss'))
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
