import { everyone, groundTruth, rolesAlone } from './tables.ts'
import { testPattern } from './testing/test-pattern.ts'

testPattern('p01', {
  table: everyone,
  seesOfAlice: { method: 'none', policy: 'nobody' },
  ignorantOf: ['userId', 'roles', 'client', 'actors', 'scopes', 'claims', 'rawToken'],
  decidedBy: 'nobody',
  signIn: false,
})
testPattern('p02', {
  table: everyone,
  seesOfAlice: { method: 'api_key', policy: 'any-caller', client: 'agent' },
  ignorantOf: ['userId', 'roles', 'actors', 'scopes', 'claims', 'rawToken'],
  decidedBy: 'service',
  challenge: 'ApiKey',
  signIn: false,
})
testPattern('p03', {
  table: rolesAlone,
  seesOfAlice: { method: 'string_id', policy: 'roles', userId: 'alice', roles: ['admin'] },
  ignorantOf: ['actors', 'client', 'scopes', 'claims', 'rawToken'],
  decidedBy: 'service',
  challenge: 'ApiKey',
  signIn: false,
})
testPattern('p04', {
  table: rolesAlone,
  seesOfAlice: { method: 'string_id', policy: 'roles', userId: 'alice', roles: ['admin'] },
  ignorantOf: ['actors', 'client', 'scopes', 'claims', 'rawToken'],
  decidedBy: 'service',
  challenge: 'ApiKey',
  signIn: false,
})
testPattern('p05', {
  table: rolesAlone,
  seesOfAlice: { method: 'jwt', policy: 'roles', userId: 'alice', roles: ['admin'], client: 'agent-app' },
  ignorantOf: ['actors', 'scopes'],
  decidedBy: 'service',
  challenge: 'Bearer',
  signIn: true,
})
testPattern('p06', {
  table: rolesAlone,
  seesOfAlice: {
    method: 'scoped_jwt',
    policy: 'opa/scope',
    userId: 'alice',
    roles: ['admin'],
    client: 'mcp-server',
    scopes: ['expenses:read'],
  },
  ignorantOf: ['actors'],
  decidedBy: 'opa',
  challenge: 'Bearer',
  signIn: true,
})
testPattern('p07', {
  table: groundTruth,
  seesOfAlice: {
    method: 'delegated_jwt',
    policy: 'opa/relationships',
    userId: 'alice',
    actors: ['mcp-server'],
    scopes: ['expenses:read'],
  },
  ignorantOf: [],
  decidedBy: 'opa',
  challenge: 'Bearer',
  signIn: true,
})
testPattern('p08', {
  table: groundTruth,
  seesOfAlice: {
    method: 'bound_jwt',
    policy: 'opa/relationships',
    userId: 'alice',
    actors: ['mcp-server'],
    scopes: ['expenses:read'],
  },
  ignorantOf: [],
  decidedBy: 'opa',
  challenge: 'DPoP',
  signIn: true,
})
