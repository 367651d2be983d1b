import { allowInsecureRequests } from 'oauth4webapi'
import { expect, it } from 'vitest'
import { requestOptions } from './discovery.ts'

it.each([
  ['http://127.0.0.1:8080', true],
  ['http://localhost', true],
  ['http://keycloak:8080', true],
  ['http://idp.example', false],
  ['http://[2001:db8::1]', false],
])('plain HTTP is for this machine and for its own networks: %s, %s', (issuer, isAllowed) => {
  const options = requestOptions(issuer, { fetch, traceparent: '' })
  expect(options[allowInsecureRequests]).toBe(isAllowed)
})
