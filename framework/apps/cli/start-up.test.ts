import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'

/** The sources of values at the top of a file. Types are gone when it runs, and `import()` waits for its command. */
const imported = /^(?:import|export) (?!type\b)(?:[^'"]*? from )?'([^']+)'/gm

/** The packages of a file, and of every file that is read with it. */
function packagesReadBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, target = ''] of readFileSync(join(projectFolder, file), 'utf8').matchAll(imported)) {
    if (target.startsWith('.')) packagesReadBy(join(dirname(file), target), seen)
    else seen.add(target)
  }
  return seen
}

it('a command line reads neither the stack nor its packages before it knows its command', () => {
  const read = packagesReadBy('framework/apps/cli/main.ts')
  expect(
    [...read].filter((name) => !name.startsWith('node:') && !name.startsWith('framework/')).sort(),
  ).toEqual(['@lab/contract', 'commander', 'picocolors'])
  expect(read).not.toContain('framework/runner/stack.ts')
})
