import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksIn, withBlock } from '../../measure/readme/blocks.ts'
import { projectFolder } from '../../process/folders.ts'
import { checkGroups } from '../probe/checks/index.ts'
import type { Declared, ForeignServer } from './foreign-server.ts'
import { foreignServers } from './servers/index.ts'
import { labDoors } from './servers/lab.ts'

/** The page with what is declared of each server. */
const path = 'docs/probe-matrix.md'

/** @returns a line for each part of the page that is not what is declared */
export function staleMatrix(): string[] {
  const written = blocksIn(readFileSync(join(projectFolder, path), 'utf8'))
  return [...parts()]
    .filter(([name, content]) => written.get(name) !== content)
    .map(([name]) => `${path}, ${name}: not what is declared; run pnpm run probe-matrix --write`)
}

export function writeMatrix(): void {
  const file = join(projectFolder, path)
  let text = readFileSync(file, 'utf8')
  for (const [name, content] of parts()) text = withBlock(text, name, content, path)
  writeFileSync(file, text)
}

/** The generated parts of the page, by name. */
function parts(): Map<string, string> {
  return new Map([
    ['matrix', matrix([...foreignServers, ...labDoors])],
    ['lacks', [...foreignServers, ...labDoors].map(lacks).join('\n').trim()],
    ['mistakes', mistakes(foreignServers)],
  ])
}

function matrix(servers: readonly Declared[]): string {
  const head = [row(['Check', ...servers.map(({ name }) => name)]), row(['---', ...servers.map(() => '---')])]
  const lines = checkGroups.flatMap(({ checks }) =>
    checks.map(({ id }) => row([id, ...servers.map((server) => cell(server, id))])),
  )
  return [...head, ...lines].join('\n')
}

function cell({ lacks, notApplicable }: Declared, id: string): string {
  if (id in lacks) return '**found**'
  return id in notApplicable ? '–' : 'held'
}

function lacks({ name, libraries, lacks, notApplicable }: Declared): string {
  const reasons = [...new Set(Object.values(notApplicable))]
  const idsOf = (reason: string) => Object.keys(notApplicable).filter((id) => notApplicable[id] === reason)
  const lines = [
    ...Object.entries(lacks).map(([id, why]) => row([id, '**found**', why])),
    ...reasons.map((reason) => row([idsOf(reason).join(', '), '–', reason])),
  ]
  const head = [row(['Check', '', 'Why']), row(['---', '---', '---'])]
  return [`### ${name} (${libraries})`, '', ...head, ...lines, ''].join('\n')
}

function mistakes(servers: readonly ForeignServer[]): string {
  const head = [row(['Server', 'Mistake', 'Found by']), row(['---', '---', '---'])]
  const lines = servers.flatMap(({ name, mistakes }) =>
    mistakes.map(({ what, finds }) => row([name, what, finds.join(', ')])),
  )
  return [...head, ...lines].join('\n')
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
