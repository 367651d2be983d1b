import { createServer } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { freePort } from './free-port.ts'

const random = vi.hoisted(() => ({ next: [] as number[] }))
vi.mock('node:crypto', () => ({ randomInt: () => random.next.shift() ?? 21_000 }))
const taken = createServer()
afterEach(() => {
  taken.close()
})

it('gives each port once, and none at which somebody listens', async () => {
  random.next = [20_001, 20_001, 20_002]
  const first = await freePort()
  expect([first, await freePort()]).toEqual([20_001, 20_002])
})

it('passes over a port that is taken, and says where none is left', async () => {
  await new Promise<void>((resolve) => taken.listen(20_003, '127.0.0.1', resolve))
  random.next = [20_003, 20_004]
  expect(await freePort()).toBe(20_004)
  expect(await freePort()).toBe(21_000)
  await expect(freePort()).rejects.toThrow('no port from 20000 to 30000 can be used')
})
