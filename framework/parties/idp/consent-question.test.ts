import { describe, expect, it } from 'vitest'
import { consentQuestion } from './consent-question.ts'

const ask = (client: string, redirectUri: string, scopes = ['expenses:read']) =>
  consentQuestion({ client, redirectUri, scopes, username: 'alice' })

describe('the question to a person', () => {
  it('lets no text of a request become part of the page', async () => {
    const html = await ask('https://a.example/"><script>x</script>', 'https://a.example/cb', ['<b>'])
    expect(html).not.toMatch(/<script>|<b>/)
  })

  it('shows an address as it is, whatever it looks like', async () => {
    const html = await ask('https://xn--80ak6aa92e.example/\u202egpj.exe', 'https://\u0430pple.example/cb')
    expect(html).not.toMatch(/\u202e|\u0430/)
    expect(html).toContain('%E2%80%AE')
    expect(html).toContain('xn--pple-43d.example')
  })

  it('says of an unregistered client that nobody knows it, and by which host it is known', async () => {
    const html = await ask('https://a.example:8443/client.json', 'https://a.example:8443/cb')
    expect(html).toContain('Nobody has registered this application')
    expect(html).toContain('known by <strong>a.example:8443</strong>')
    expect(html).toContain('goes to <strong>a.example:8443</strong>.')
    expect(html).not.toContain('on this machine')
  })

  it('warns that on this machine anybody may be such a client', async () => {
    for (const host of ['127.0.0.1:1234', 'localhost:1', '[::1]:1']) {
      const html = await ask('https://a.example/client.json', `http://${host}/cb`)
      expect(html).toContain('Any program on this machine can pretend to be it')
      expect(html).toContain('a program on this machine.')
    }
  })

  it('says nothing of that of a registered one', async () => {
    expect(await ask('agent-app', 'http://127.0.0.1/cb')).not.toContain('Nobody has registered')
  })
})
