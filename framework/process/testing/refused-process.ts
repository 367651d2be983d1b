import { EventEmitter } from 'node:events'
import { vi } from 'vitest'

/** A child process that the system refuses, as it does where there are too many, once `refuse` is called. */
export function refusedProcess() {
  const child = Object.assign(new EventEmitter(), { send: vi.fn(), kill: vi.fn() })
  const refuse = () => child.emit('error', Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' }))
  return Object.assign(child, { refuse })
}
