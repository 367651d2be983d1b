import { describe, expect, it } from 'vitest'
import { alertOf, fillLoginForm } from './login-form.ts'

const page = new URL('http://127.0.0.1:8080/realms/agent-auth/auth?x=1')
const credentials = { username: 'alice', password: 'secret & sound' }

describe('fillLoginForm', () => {
  it('finds nothing on a page without a password field', () => {
    expect(fillLoginForm('<form action="/search"><input name="q"></form>', page, credentials)).toBeUndefined()
    expect(fillLoginForm('', page, credentials)).toBeUndefined()
  })

  it('finds no form in a comment or a script', () => {
    const form = '<form action="http://evil.example"><input name="p" type="password"></form>'
    for (const html of [`<!-- ${form} -->`, `<script>const form = '${form}'</script>`]) {
      expect(fillLoginForm(html, page, credentials)).toBeUndefined()
    }
  })

  it('passes over other forms, unescapes the action and keeps hidden fields', () => {
    const html = `<form action="/language"><input name="locale"></form>
      <form id="kc-form-login" onsubmit="x" action="http://127.0.0.1:8080/authenticate?a=1&amp;b=2" method="post">
      <input tabindex="2" id="username" name="username" value="" type="text"/>
      <input id="password" name="password" type="password"/>
      <input type="hidden" name="credentialId" value="c&#39;1"/><input type="checkbox" name="rememberMe">
      <input name="login" type="submit" value="Sign In"/></form>`
    const form = fillLoginForm(html, page, credentials)
    expect(form?.action.href).toBe('http://127.0.0.1:8080/authenticate?a=1&b=2')
    expect(Object.fromEntries(form?.fields ?? [])).toEqual({
      username: 'alice',
      password: 'secret & sound',
      credentialId: "c'1",
    })
  })

  it('fills in what has a name, whatever the type is written like', () => {
    const html = `<form><input type="HIDDEN" name="h" value="1"><input type="hidden" value="2">
      <input type="email" name="mail"><input type="PassWord" name="p"><input type="password"><input>
      <input type="checkbox" name="rememberMe" value="on"></form>`
    const { fields } = fillLoginForm(html, page, credentials) ?? {}
    expect(Object.fromEntries(fields ?? [])).toEqual({ h: '1', mail: 'alice', p: 'secret & sound' })
  })

  it('sends a form without an action to its own page', () => {
    const html = '<form method="post"><input name="username"><input type=password name=password></form>'
    expect(fillLoginForm(html, page, credentials)?.action.href).toBe(page.href)
  })
})

describe('alertOf', () => {
  it('finds nothing where nothing is marked', () => {
    expect(alertOf('<p>All is well</p>')).toBeUndefined()
    expect(alertOf('<p role="alert"> </p>')).toBeUndefined()
  })

  it.each([
    '<p role="alert">It&#39;s <b>wrong</b></p>',
    '<span id="input-error" class="x kc-feedback-text" aria-live="polite">\n  It&#39;s wrong\n</span>',
    '<div id="kc-error-message"><p class="instruction">It&#39;s wrong</p></div>',
  ])('reads the text of %s', (html) => {
    expect(alertOf(html)).toBe("It's wrong")
  })
})
