import { describe, expect, it } from 'vitest'
import { consentQuestion } from './consent-question.ts'
import { look } from './look.ts'

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

  const about = (question: { action?: string; answerBy?: Date }) =>
    consentQuestion({
      client: 'agent-app',
      redirectUri: 'http://127.0.0.1/cb',
      scopes: ['users:manage'],
      username: 'alice',
      ...question,
    })

  it('names the action beside the scope, as the word of the application and never as markup', async () => {
    const html = await about({ action: 'make <b>dave</b> an\u202e admin' })
    expect(html).toContain('<p class="action">make &lt;b&gt;dave&lt;/b&gt; an\\u202e admin</p>')
    expect(html).toContain('<code>users:manage</code> manage users')
    expect(html).toContain('The action is what the application says.')
    expect(await about({})).not.toMatch(/class="action"|what the application says/)
  })

  it.each([
    [119, 'countdown begun-5'],
    [61, 'countdown begun-60'],
    [2, ''],
    [4000, ''],
  ])('counts down from %d seconds by the stylesheet: %j', async (seconds, shown) => {
    const html = await about({ answerBy: new Date(Date.now() + seconds * 1000) })
    expect(html).toContain(`<span class="${shown}">`)
    if (shown) expect(look).toContain(`.${shown.split(' ')[1]}::after`)
  })

  it('says where nobody waits any more', async () => {
    expect(await about({ answerBy: new Date(Date.now() - 1) })).toContain('Nobody waits for the answer')
  })
})
