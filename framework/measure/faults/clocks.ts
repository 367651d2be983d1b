import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask, started } from './breakable-stack.ts'

/** Clocks that do not agree. */
export function faultsOfClocks(): void {
  describe('clocks that differ', () => {
    it.each([
      ['30 s ahead', 25, 'allowed', /expense is alice's own/],
      ['30 s behind', -25, 'allowed', /expense is alice's own/],
      ['10 min ahead', 600, 'denied', /^expired \d+ (s|min) ago$/],
      ['10 min behind', -600, 'denied', /^iat: issued \d+ (s|min) in the future$/],
    ])('a service %s', async (_case, seconds, outcome, reason) => {
      const runner = await started('p07')
      runner.stack.servicesClock.offset = seconds * 1000
      const cell = await ask(runner)
      expect(cell).toMatchObject({ outcome })
      expect(cell?.reason).toMatch(reason)
    })
  })

  describe('a Keycloak whose clock differs from ours', () => {
    afterEach(() => void vi.useRealTimers())

    /** Our clock as if we were so many seconds ahead of Keycloak. */
    function ahead(seconds: number): void {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000, shouldAdvanceTime: true })
    }

    it.each([25, -25])('is forgiven where we are %i s ahead', async (seconds) => {
      const runner = await started('p07')
      ahead(seconds)
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    })

    it('is refused with the reason where we are 10 min ahead', async () => {
      const runner = await started('p07')
      ahead(600)
      const asking = ask(runner)
      await expect(asking).rejects.toMatchObject({
        code: 'idp_unavailable',
        message: expect.stringMatching(/"exp".*compare its clock/),
      })
    })

    it('is refused with the reason where we are 10 min behind', async () => {
      const runner = await started('p07')
      ahead(-600)
      await expect(ask(runner, 'bob')).rejects.toMatchObject({
        code: 'invalid_token',
        message: expect.stringMatching(/^iat: issued 10 min in the future/),
      })
    })

    it.each([
      [10, { outcome: 'allowed' }],
      [25, { outcome: 'denied', reason: expect.stringContaining('DPoP proof is not active') }],
    ])('refuses proofs of p08 sooner than that: %i s ahead', async (seconds, cell) => {
      const runner = await started('p08')
      ahead(seconds)
      expect(await ask(runner)).toMatchObject(cell)
    })
  })
}
