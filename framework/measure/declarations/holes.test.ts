import { basename } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import { flawed, outcomes } from '../../attacks/testing/outcomes.ts'
import { Questions } from '../../parties/idp/approvals/questions.ts'
import { runCells } from '../../runner/cells.ts'
import { findPattern } from '../../runner/load-pattern.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { declaredOutcome } from './declared-outcome.ts'
import { loadDeclaration } from './load-declarations.ts'

/** Patterns of your own with a typical mistake each, and the attacks that find it out. */
const holes = [
  { folder: 'forgets-audience', sound: 'p06', found: ['past-the-mcp-server'] },
  { folder: 'trusts-user-header', sound: 'p02', found: ['identity-header-spoof'] },
  {
    folder: 'decodes-only',
    sound: 'p05',
    found: ['verifier-forgery', 'tampered-claims', 'alg-none', 'own-key', 'other-issuer', 'embedded-jwk'],
  },
  { folder: 'mixes-up-tokens', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'compares-prefix', sound: 'p04', found: ['guessed-key'] },
  { folder: 'trusts-role-header', sound: 'p05', found: ['identity-header-spoof'] },
  { folder: 'fails-open', sound: 'p06', found: ['keys-unavailable'] },
  { folder: 'believes-proof', sound: 'p08', found: ['dpop-forged-signature'] },
  { folder: 'keeps-search-tokens', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'keeps-write-tokens', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'retries-for-the-first', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'shares-an-exchange', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'remembers-who-called', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'keeps-roles-by-client', sound: 'p06', found: ['token-cache-mix-up'] },
  { folder: 'client-as-user', sound: 'p06', found: ['session-handle-theft', 'token-cache-mix-up'] },
  { folder: 'keyed-by-trace', sound: 'p06', found: ['session-handle-theft'] },
  { folder: 'user-from-the-query', sound: 'p06', found: ['identity-by-argument'] },
  { folder: 'user-from-an-argument', sound: 'p06', found: ['identity-by-argument'] },
  { folder: 'believes-an-odd-header', sound: 'p06', found: ['identity-header-spoof'] },
  { folder: 'own-words-for-roles', sound: 'p06', found: ['identity-header-spoof'] },
  { folder: 'role-from-an-argument', sound: 'p06', found: ['identity-by-argument'] },
  { folder: 'believes-x-role', sound: 'p06', found: ['identity-header-spoof'] },
  { folder: 'keeps-tokens', sound: 'p06', found: ['after-logout', 'suspended-in-mid-run'] },
  { folder: 'drops-the-agent', sound: 'p07', found: ['delegation-laundering'] },
  { folder: 'retries-later', sound: 'p06', found: ['role-escalation'] },
  { folder: 'last-key-counts', sound: 'p04', found: ['anonymous-tool-call'] },
  { folder: 'any-scope', sound: 'p06', found: ['scope-overreach'] },
  { folder: 'verifies-once', sound: 'p06', found: ['verifier-forgery'] },
  {
    folder: 'takes-any-approval',
    sound: 'p09',
    found: ['approval-for-another-action', 'approval-replay'],
  },
  { folder: 'approver-in-a-header', sound: 'p09', found: ['approval-by-argument'] },
]

describe('a pattern with a hole is found out', () => {
  it.each(holes)('$folder', async ({ folder, found }) => {
    expect(await outcomes(flawed(folder), found)).toEqual(found.map((id) => `${id} succeeds`))
  })

  // What is declared of the ladder is measured, attack by attack, in measure/comparison/measured.
  it.each(holes)('by attacks that $sound, without the hole, withstands', async ({ sound, found }) => {
    const declaration = await loadDeclaration(basename(await findPattern(sound)))
    expect(found.filter((id) => declaredOutcome(declaration, id) === 'succeeds')).toEqual([])
  })
})

it('a role that a service renames is found by the cell of whoever has it', async () => {
  const runner = await new PatternRunner(flawed('renames-a-role')).start()
  try {
    const [submits] = await runCells(runner, ['dave'], [4])
    expect(submits).toMatchObject({ user: 'dave', outcome: 'allowed', expected: 'denied' })
  } finally {
    await runner.stop()
  }
})

it('a pattern is not said to allow what it does not, whatever else is wrong with it', async () => {
  const ids = ['identity-by-argument', 'key-swap', 'delegation-laundering']
  expect(await outcomes(flawed('client-as-user'), ids)).toEqual(ids.map((id) => `${id} blocked`))
})

it('an IdP that lets any number of questions wait for a person is found out', async () => {
  const waiting = vi.spyOn(Questions.prototype, 'waiting').mockReturnValue(0)
  try {
    expect(await outcomes('p09', ['approval-flood'])).toEqual(['approval-flood succeeds'])
  } finally {
    waiting.mockRestore()
  }
})

it('a credential in an unusual header is found there', async () => {
  const ids = ['credential-in-context', 'verifier-forgery', 'past-the-mcp-server', 'bearer-replay']
  expect(await outcomes(flawed('header-of-its-own'), ids)).toEqual(ids.map((id) => `${id} succeeds`))
})

it('an exchange that leaves the audience to the IdP is imitated as it is', async () => {
  const ids = ['unattributed-agent', 'client-and-session-theft', 'delegation-laundering']
  expect(await outcomes(flawed('leaves-out-the-audience'), ids)).toEqual(ids.map((id) => `${id} succeeds`))
})

it('a pattern that refuses everybody withstands nothing: no attack can be carried out on it', async () => {
  const all = await outcomes(
    flawed('refuses-everybody'),
    attacks.map(({ id }) => id),
  )
  expect(all.filter((line) => !/ error: | n\/a$/.test(line))).toEqual([])
}, 120_000)
