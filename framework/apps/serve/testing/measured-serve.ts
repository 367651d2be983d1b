// For tests, as a process of its own: `serve`, which tells its parent how much memory it holds when asked.
// With `leaking` as second argument it keeps each request, which is what a leak looks like.
import { setImmediate } from 'node:timers/promises'
import { say } from '../../../process/terminal.ts'
import { PatternRunner } from '../../../runner/pattern-runner.ts'
import { servePattern } from '../serve-pattern.ts'

const [which = '', leaking] = process.argv.slice(2)

process.on('message', async () => {
  // What a first collection ends may hold more until its finalizers have run.
  for (let time = 0; time < 3; time++) {
    globalThis.gc?.()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  process.send?.(heapUsed + external)
})
process.on('disconnect', () => process.exit())

if (leaking === 'leaking') {
  const kept: Request[] = []
  const runner = new PatternRunner(which, {
    frontDoor: {
      around: (serve) => (request) => {
        kept.push(request)
        return serve(request)
      },
    },
  })
  await runner.start()
  say(`MCP server ${runner.stack.mcpUrl}\nCalls`)
} else await servePattern(which, { stack: {} })
