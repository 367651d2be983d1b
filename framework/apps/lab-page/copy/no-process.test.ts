import { expect, it, vi } from 'vitest'
import { refusedProcess } from '../../../process/testing/refused-process.ts'
import { CopyProcess } from './copy-process.ts'

const children = vi.hoisted(() => [] as unknown[])
vi.mock('node:child_process', () => ({ fork: () => children.shift() }))

it('a copy that is given no process is told so, and the page goes on', async () => {
  const processes = new CopyProcess({} as never)
  const heard = { onSaid() {}, onProblem() {}, onCell() {}, onAttack() {} }
  const [first, second] = [refusedProcess(), refusedProcess()]
  children.push(first, second)
  const ending = processes.measure('p06', '/nowhere', heard)
  first.refuse()
  expect(await ending).toBe(
    'the system gave your copy no process (EAGAIN): close other programs, and run it again',
  )
  const again = processes.measure('p06', '/nowhere', heard)
  // What the one before says late is nothing to the one that runs now.
  first.refuse()
  expect(second.send).toHaveBeenCalledOnce()
  processes.abort()
  expect(await again).toBe('you stopped it')
})
