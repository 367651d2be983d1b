// A thread that ends the copy's process when it is alone, or when it takes more memory than it may: Node's own limit
// is for the heap, and buffers are outside of it.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { parent, memory } = workerData

setInterval(() => {
  if (process.memoryUsage.rss() > memory * 1024 * 1024) writeSync(2, 'heap out of memory\n')
  else if (process.ppid === parent) return
  process.kill(process.pid, 'SIGKILL')
}, 200)
