// Reads { url, requests: headers[] } from standard input, sends them, and writes { perSecond, p50, p99 }.
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'

/** The number of requests under way at once. */
const concurrency = 8

const { url, requests } = JSON.parse(await text(process.stdin))
const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
const times = []
const warmUp = Math.floor(requests.length / 10)

function send(headers) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers }, (response) => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
      )
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

async function work(queue, measured) {
  for (let headers = queue.pop(); headers; headers = queue.pop()) {
    const began = performance.now()
    await send(headers)
    if (measured) times.push(performance.now() - began)
  }
}

const run = (queue, measured) => Promise.all(Array.from({ length: concurrency }, () => work(queue, measured)))
await run(requests.slice(0, warmUp), false)
const began = performance.now()
await run(requests.slice(warmUp), true)
const seconds = (performance.now() - began) / 1000
agent.destroy()

times.sort((a, b) => a - b)
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]
process.stdout.write(JSON.stringify({ perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) }))
