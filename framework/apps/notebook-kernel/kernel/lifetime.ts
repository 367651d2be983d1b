import { tslab } from './tslab.ts'

/** The interval at which the kernel looks for Jupyter's process, in ms. */
const interval = 1_000
/** The time that the last messages have to leave, in ms. */
const farewell = 100

/** Ends the process with its kernel: a cell's servers would keep it alive, and they must not outlive it. */
export function endWithJupyter(): void {
  const { prototype } = tslab.jupyter().ZmqServer
  const { close } = prototype
  prototype.close = function () {
    close.call(this)
    setTimeout(() => process.exit(0), farewell)
  }
  if (process.env.JPY_PARENT_PID) endWithParent(process.ppid)
}

/** A Jupyter that was killed says no farewell. Then the operating system gives its children another parent. */
function endWithParent(parent: number): void {
  setInterval(() => process.ppid === parent || process.exit(1), interval).unref()
}
