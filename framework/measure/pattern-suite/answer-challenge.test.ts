import { describe, expect, it } from 'vitest'
import { loadPattern } from '../../runner/load-pattern.ts'
import { declaredNames, loadDeclaration } from '../declarations/load-declarations.ts'
import { nonce, proofsAfterChallenge } from './answer-challenge.ts'

describe.each(await declaredNames())('%s', async (name) => {
  const { challenge } = await loadDeclaration(name)
  it(
    challenge === 'DPoP' ? 'answers a challenge with a proof that holds the nonce' : 'proves nothing',
    async () => {
      expect(await proofsAfterChallenge(await loadPattern(name))).toEqual(
        challenge === 'DPoP'
          ? [{ htm: 'GET', htu: 'http://expenses.test/expenses', accessToken: 'exchanged', nonce }]
          : [],
      )
    },
  )
})
