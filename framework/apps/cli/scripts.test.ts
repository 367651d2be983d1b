import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { lab } from '../../process/how-to-run.ts'
import { runHere } from '../../process/testing/run-here.ts'

const scripts: Record<string, string> = JSON.parse(
  readFileSync(join(projectFolder, 'package.json'), 'utf8'),
).scripts

/** Scripts that run a tool and none of our code: the tool answers. */
const tools = ['interop', 'knip', 'test', 'test:quick', 'test:real', 'typecheck', 'lint', 'format']

interface Script {
  readonly name: string
  /** The file that the script starts. */
  readonly entry: string
  /** The words that the script gives it. */
  readonly words: readonly string[]
}

const commands: Script[] = Object.entries(scripts).flatMap(([name, script]) => {
  const [, entry, words] = /node --import tsx (\S+)(.*)$/.exec(script) ?? []
  return entry ? [{ name, entry, words: words?.split(' ').filter(Boolean) ?? [] }] : []
})

/** Runs what a script starts: each entry point `main.ts` runs the `program` beside it. */
async function run({ entry, words }: Script, ...more: string[]) {
  const path = pathToFileURL(join(projectFolder, dirname(entry), 'program.ts')).href
  const { program } = (await import(path)) as { program(): Command }
  return runHere(program(), [...words, ...more])
}

describe('every script of package.json', () => {
  it('is a command of ours, or a tool', () => {
    const names = [...commands.map(({ name }) => name), ...tools]
    expect(Object.keys(scripts).filter((name) => !names.includes(name))).toEqual([])
  })

  it.each(commands)('$name: its process runs nothing but the program beside it', ({ entry }) => {
    const code = readFileSync(join(projectFolder, entry), 'utf8')
    expect(entry).toMatch(/\/main\.ts$/)
    expect(code).toMatch(/^import \{ runProcess \} from '\S*command-line(\.ts)?'$/m)
    expect(code).toMatch(/^await runProcess\(program\(\)/m)
  })

  it.each(commands)('$name: answers --help and does nothing else', async (script) => {
    const { code, out, err } = await run(script, '--help')
    expect(out.startsWith(`Usage: ${lab(script.name)}`)).toBe(true)
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  // `notebooks` passes options on to JupyterLab, which knows them.
  const ours = commands.filter(({ name }) => name !== 'notebooks')
  it.each(ours)('$name: refuses an unknown option in one line', async (script) => {
    const { code, out, err } = await run(script, '--no-such-option')
    // Commander looks for missing options first.
    expect(err).toMatch(
      /^error: (unknown option '--no-such-option'|required option '--mcp <url>')[^\n]* \(see --help\)\n$/,
    )
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it.each([
    ['stack', 'up'],
    ['stack', 'status'],
    ['policy', 'check'],
    ['policy', 'build'],
  ])('%s %s: is held to the same', async (name, command) => {
    const script = commands.find((each) => each.name === name) as Script
    const { code, out, err } = await run(script, command, '--no-such-option')
    expect(err).toMatch(/^error: unknown option '--no-such-option'[^\n]* \(see --help\)\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it.each(['stack', 'policy'])(
    '%s: is refused without a command, in one line that names them',
    async (name) => {
      const script = commands.find((each) => each.name === name) as Script
      const { code, out, err } = await run(script)
      expect(err).toMatch(/^error: .*(stack|policy) needs a command: \w+, \w+ or \w+ \(see --help\)\n$/)
      expect({ code, out }).toEqual({ code: 2, out: '' })
    },
  )

  it('suggests what was meant, in the same line', async () => {
    const script = commands.find(({ name }) => name === 'pattern') as Script
    const { err } = await run(script, 'p06', '--usr', 'bob')
    expect(err).toBe("error: unknown option '--usr' (Did you mean --user?) (see --help)\n")
  })

  it('may be given its words behind the -- of pnpm', async () => {
    const script = commands.find(({ name }) => name === 'policy') as Script
    const { out } = await run(script, '--', 'check', '--help')
    expect(out.startsWith(`Usage: ${lab('policy check')}`)).toBe(true)
  })
})
