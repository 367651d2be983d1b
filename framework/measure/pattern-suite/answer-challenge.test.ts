import { expect, it } from 'vitest'
import { loadPattern } from '../../runner/load-pattern.ts'
import { nonce, proofsAfterChallenge } from './answer-challenge.ts'

it('p08 answers a challenge with a proof that holds the nonce', async () => {
  expect(await proofsAfterChallenge(await loadPattern('p08'))).toEqual([
    { htm: 'POST', htu: 'http://idp.test/token' },
    { htm: 'GET', htu: 'http://expenses.test/expenses', accessToken: 'exchanged', nonce },
  ])
})

it.each(['p01', 'p02', 'p03', 'p04', 'p05', 'p06', 'p07'])('%s proves nothing', async (which) => {
  expect(await proofsAfterChallenge(await loadPattern(which))).toEqual([])
})
