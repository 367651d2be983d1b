import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { CopyProcess } from './copy-process.ts'

const child = vi.hoisted(() => ({ current: undefined as unknown }))
vi.mock('node:child_process', () => ({ fork: () => child.current }))

/** A process that the system refuses, as it does where there are too many. */
function refused() {
  const made = Object.assign(new EventEmitter(), { send: vi.fn(), kill: vi.fn() })
  child.current = made
  return made
}
const tooMany = () => Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' })

it('a copy that is given no process is told so, and the page goes on', async () => {
  const processes = new CopyProcess({} as never)
  const [first, heard] = [refused(), { onSaid() {}, onProblem() {}, onCell() {}, onAttack() {} }]
  const ending = processes.measure('p06', '/nowhere', heard)
  first.emit('error', tooMany())
  expect(await ending).toBe(
    'the system gave your copy no process (EAGAIN): close other programs, and run it again',
  )
  const second = refused()
  const again = processes.measure('p06', '/nowhere', heard)
  // What the one before says late is nothing to the one that runs now.
  first.emit('error', tooMany())
  expect(second.send).toHaveBeenCalledOnce()
  processes.abort()
  expect(await again).toBe('you stopped it')
})
