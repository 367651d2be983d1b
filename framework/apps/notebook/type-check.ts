import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const { resolve } = createRequire(import.meta.url)
const tsc = join(dirname(resolve('typescript/package.json')), 'bin', 'tsc')
const inRepo = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** As the repo checks the eight, for files that stand outside of it; a line taken out may leave a name unused. */
const config = {
  extends: inRepo('tsconfig.json'),
  compilerOptions: {
    module: 'preserve',
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: { '@lab/contract': [inRepo('framework/contract/index.ts')] },
    typeRoots: [inRepo('node_modules/@types')],
  },
  include: ['*.ts'],
}

/**
 * Type-checks a pattern's folder, wherever it stands.
 * @returns TypeScript's first complaint, as `service-auth.ts line 13: …`; undefined where it has none
 * @throws where TypeScript cannot be run
 */
export async function typeErrorIn(folder: string): Promise<string | undefined> {
  const project = join(folder, 'tsconfig.json')
  await writeFile(project, JSON.stringify(config))
  try {
    await promisify(execFile)(process.execPath, [tsc, '--project', project, '--pretty', 'false'], {
      cwd: folder,
    })
    return undefined
  } catch (error) {
    const complaint = firstComplaint(String((error as { stdout?: unknown }).stdout))
    if (!complaint) throw error
    return complaint
  }
}

/** The last of the indented lines below a complaint says what it comes down to. */
function firstComplaint(output: string): string | undefined {
  const [, file, line, message = '', below = ''] =
    /^([\w-]+\.ts)\((\d+),\d+\): error TS\d+: (.+)((?:\n +.+)*)/m.exec(output) ?? []
  if (!file) return undefined
  const told = below.trim() === '' ? message : (below.split('\n').at(-1) as string).trim()
  return `${file} line ${line}: ${told}`
}
