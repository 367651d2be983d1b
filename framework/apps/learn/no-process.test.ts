import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { JudgeProcess } from './judge-process.ts'

const child = vi.hoisted(() => ({ current: undefined as unknown }))
vi.mock('node:child_process', () => ({ fork: () => child.current }))

/** A process that the system refuses, as it does where there are too many. */
function refused() {
  const made = Object.assign(new EventEmitter(), { send: vi.fn(), kill: vi.fn() })
  child.current = made
  return made
}
const tooMany = () => Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' })

it('code that is given no process is told so, and the lesson goes on', async () => {
  const judge = new JudgeProcess(() => {})
  const first = refused()
  const finding = judge.judge('p06', '/nowhere')
  first.emit('error', tooMany())
  expect(await finding).toMatchObject({
    solved: false,
    line: 'the system gave your code no process (EAGAIN).',
  })
  const second = refused()
  const again = judge.judge('p06', '/nowhere')
  // What the one before says late is nothing to the one that runs now.
  first.emit('error', tooMany())
  // A process that ended a moment ago tells so by its end, and not by an exception here.
  expect(second.send).toHaveBeenCalledWith(expect.objectContaining({ lab: 'p06' }), expect.any(Function))
  Object.assign(second, { exitCode: 0 })
  await judge.stop()
  expect(await again).toBeUndefined()
})
