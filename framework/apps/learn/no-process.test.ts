import { expect, it, vi } from 'vitest'
import { refusedProcess } from '../../process/testing/refused-process.ts'
import { JudgeProcess } from './judge-process.ts'

const children = vi.hoisted(() => [] as unknown[])
vi.mock('node:child_process', () => ({ fork: () => children.shift() }))

it('code that is given no process is told so, and the lesson goes on', async () => {
  const judge = new JudgeProcess(() => {})
  const [first, second] = [refusedProcess(), refusedProcess()]
  children.push(first, second)
  const finding = judge.judge('p06', '/nowhere')
  first.refuse()
  expect(await finding).toMatchObject({
    solved: false,
    line: 'the system gave your code no process (EAGAIN).',
  })
  const again = judge.judge('p06', '/nowhere')
  // What the one before says late is nothing to the one that runs now.
  first.refuse()
  // A process that ended a moment ago tells so by its end, and not by an exception here.
  expect(second.send).toHaveBeenCalledWith(expect.objectContaining({ lab: 'p06' }), expect.any(Function))
  Object.assign(second, { exitCode: 0 })
  await judge.stop()
  expect(await again).toBeUndefined()
})
