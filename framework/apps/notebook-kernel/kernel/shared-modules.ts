import Module from 'node:module'
import { require } from './tslab.ts'

/**
 * Loads ES modules once, and gives cells that same instance: a cell's `import` becomes a `require()`, which would
 * load TypeScript sources a second time, if at all.
 */
export async function shareWithCells(specifiers: readonly string[]): Promise<void> {
  for (const specifier of specifiers) {
    const filename = require.resolve(specifier)
    const exports = await import(specifier)
    require.cache[filename] = Object.assign(new Module(filename), { filename, exports, loaded: true })
  }
}
