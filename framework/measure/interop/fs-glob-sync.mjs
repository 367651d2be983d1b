/**
 * Preloaded into the conformance suite on Node 20: its bundle imports `globSync` from `fs`, which Node has from 22 on,
 * and calls it in none of the commands that are used here.
 */
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const source = `export * from 'node:fs'
export const globSync = () => { throw new Error('fs.globSync needs Node 22') }`

// The hooks run in a thread of their own, which loads this file once more.
if (isMainThread) register(import.meta.url)

export async function resolve(specifier, context, next) {
  if (specifier !== 'fs' || !context.parentURL?.includes('/conformance/')) return next(specifier, context)
  return { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
}
