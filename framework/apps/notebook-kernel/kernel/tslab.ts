import { createRequire } from 'node:module'
import type typescript from '@tslab/typescript-for-tslab'
import type * as converter from 'tslab/dist/converter.js'
import type * as executor from 'tslab/dist/executor.js'
import type * as jupyter from 'tslab/dist/jupyter.js'
import type * as main from 'tslab/dist/main.js'

/** `require` as a CommonJS module of this folder has it. */
export const require = createRequire(import.meta.url)

/** `require` as tslab's own modules have it: what it returns is what they use, and can be changed before they start. */
const requireInTslab = createRequire(require.resolve('tslab/dist/main.js'))

/** The parts of tslab that are adapted here. Each is loaded when it is first asked for, and that order matters. */
export const tslab = {
  converter: (): Mutable<typeof converter> => requireInTslab('./converter.js'),
  executor: (): Mutable<typeof executor> => requireInTslab('./executor.js'),
  jupyter: (): Mutable<typeof jupyter> => requireInTslab('./jupyter.js'),
  main: (): typeof main => requireInTslab('./main.js'),
}

/** tslab's own TypeScript. Required and not imported: an import reads its ten megabytes once more, for its names. */
export const ts: typeof typescript = require('@tslab/typescript-for-tslab')

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
