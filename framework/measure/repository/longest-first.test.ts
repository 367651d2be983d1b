import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { longest, rankOf } from './longest-first.ts'

it('names files that there are', () => {
  expect(longest.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([])
})

it('puts what is long first, then the other whole ones, then the short ones', () => {
  const files: [string, string][] = [
    ['unit', 'framework/contract/plain.test.ts'],
    ['whole', 'framework/apps/cli/cli.test.ts'],
    ['whole', longest.at(-1) ?? ''],
    ['whole', longest[0] ?? ''],
  ]
  expect(files.toSorted((one, other) => rankOf(...one) - rankOf(...other))).toEqual(files.toReversed())
})
