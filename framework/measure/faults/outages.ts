import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { NativeStack } from '../../ops/native-stack/native-stack.ts'
import { policyFolder } from '../../parties/pdp/policy-record.ts'
import { runCells } from '../../runner/cells.ts'
import { ask, folder, place, progress, stack, started } from './breakable-stack.ts'

/** Parts that die, and an OPA that comes back with another policy. */
export function faultsOfOutages(): void {
  describe('Keycloak killed while patterns run', () => {
    it('stops what needs it, lets go on what does not, and is used again when it is back', async () => {
      const [forwarding, exchanging] = [await started('p05'), await started('p06')]
      expect(await ask(forwarding)).toMatchObject({ outcome: 'allowed' })
      expect(await ask(exchanging)).toMatchObject({ outcome: 'allowed' })
      const before = exchanging.snapshot()
      // H2 writes commits to its file within half a second: a sign-in of this very moment would be lost with the process.
      await sleep(3_000)
      await stack.keycloak.kill()

      expect(await ask(forwarding)).toMatchObject({ outcome: 'allowed', status: 200 })
      for (const cell of await runCells(exchanging, ['alice'], [1, 3, 4, 6])) {
        expect(cell).toMatchObject({ outcome: 'error', status: 503 })
      }
      expect(exchanging.snapshot()).toEqual(before)
      await expect(started('p05')).rejects.toThrow(/no Keycloak answers/)

      await stack.up(progress)
      // The sessions are in its database: nobody has to sign in again.
      expect(await ask(exchanging)).toMatchObject({ outcome: 'allowed' })
      expect(await ask(forwarding)).toMatchObject({ outcome: 'allowed' })
    })
  })

  describe('OPA', () => {
    afterEach(async () => {
      await stack.opa.stop()
      await stack.up(progress)
    })

    /** The same place with another policy, where nothing but OPA is started. */
    async function serve(policy: string): Promise<void> {
      await stack.opa.stop()
      await new NativeStack({ ...place, policyFolder: policy }).up(progress)
    }

    function policyCopy(change: (copy: string) => void): string {
      const copy = mkdtempSync(join(folder, 'policy-'))
      cpSync(policyFolder, copy, { recursive: true })
      change(copy)
      return copy
    }

    it('is refused at the start where it is not there', async () => {
      await stack.opa.stop()
      await expect(started('p06')).rejects.toThrow(
        /OPA server at .* cannot be used: .*gives no answer; start one/,
      )
    })

    it('fails closed where it is killed, and is used again when it is back', async () => {
      const runner = await started('p07')
      await stack.opa.kill()
      expect(await ask(runner)).toMatchObject({ outcome: 'error', status: 503, decidedBy: 'nobody' })
      await stack.up(progress)
      expect(await ask(runner)).toMatchObject({ outcome: 'allowed' })
    })

    it.each([
      [
        'an older policy',
        (copy: string) => writeFileSync(join(copy, '.manifest'), '{ "revision": "0123456789abcdef" }'),
        /has policy 0123456789ab, not/,
      ],
      [
        'a policy without a revision',
        (copy: string) => rmSync(join(copy, '.manifest')),
        /no policy bundle with a revision|has policy , not/,
      ],
    ])('is refused with %s, also while a pattern runs', async (_case, change, reason) => {
      const runner = await started('p06')
      await serve(policyCopy(change))
      const cell = await ask(runner)
      expect(cell).toMatchObject({ outcome: 'error', status: 503 })
      expect(cell?.reason).toMatch(reason)
      await expect(started('p06')).rejects.toThrow(reason)
    })

    it('is refused without a policy', async () => {
      const runner = await started('p06')
      await serve(
        policyCopy((copy) => {
          for (const name of ['gate', 'scope', 'relationships', 'agents', 'request', 'roles'])
            rmSync(join(copy, `${name}.rego`))
        }),
      )
      const cell = await ask(runner)
      expect(cell).toMatchObject({ outcome: 'error', status: 503 })
      expect(cell?.reason).toMatch(/did not give one decision for each resource/)
    })
  })
}
