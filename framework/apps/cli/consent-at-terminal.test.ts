import { afterEach, describe, expect, it, vi } from 'vitest'
import { keycloakSettings } from '../../parties/keycloak/settings.ts'
import { consentAtTerminal } from './consent-at-terminal.ts'

const url = new URL('http://127.0.0.1:1/auth?scope=openid+expenses%3Aapprove')
afterEach(() => vi.restoreAllMocks())

function told(options: Parameters<typeof consentAtTerminal>[0], asked = url): string {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  consentAtTerminal(options).tell('bob', asked, 'http://127.0.0.1:2/short')
  return write.mock.calls.join('')
}

describe('the question at the terminal', () => {
  it('says who is asked for what, and where', () => {
    const text = told({})
    expect(text).toContain('bob: the agent asks for openid expenses:approve')
    expect(text).toContain('http://127.0.0.1:2/short')
    expect(text).not.toContain(url.href)
    expect(text).not.toMatch(/one-time code|otpauth/)
  })

  it('shows the scopes that a server asked for as they are', () => {
    const asked = new URL('http://127.0.0.1:1/auth')
    asked.searchParams.set('scope', 'a\nbob: the agent asks for b\u001b[8m')
    expect(told({}, asked)).toContain('asks for a\\nbob: the agent asks for b\\u001b[8m\n')
  })

  it('has the one-time code that Keycloak asks for', () => {
    const text = told({ keycloak: keycloakSettings({}) })
    expect(text).toMatch(/one-time code is asked for too: now it is \d{6},/)
    expect(text).toMatch(/otpauth:\/\/totp\/Agent%20Auth%20Lab:bob\?/)
  })
})
