import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder, projectFolder } from '../../process/folders.ts'
import { UserError } from '../../process/user-error.ts'

const sources = fileURLToPath(new URL('browser/', import.meta.url))

/** The shared sources that the front end imports from outside of its folder. */
const shared = [fileURLToPath(new URL('../notebook/part-change.ts', import.meta.url))]

/**
 * The folder with the front end as a browser loads it. It is built where nobody has built these sources yet.
 * @param say is told once, before the build
 * @throws {UserError} where it cannot be built
 */
export async function builtFrontEnd(say: (line: string) => void = () => {}): Promise<string> {
  const parent = join(cacheFolder(process.env), 'lab-page')
  const folder = join(parent, await hashOfSources())
  if (existsSync(join(folder, 'index.html'))) return folder
  say('building the page, once: a few seconds')
  await mkdir(parent, { recursive: true })
  const half = await mkdtemp(join(parent, 'building-'))
  try {
    await build(half)
    // Whole or not at all; another process may have been faster.
    await rename(half, folder).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(join(folder, 'index.html'))) throw error
    })
    return folder
  } finally {
    await rm(half, { recursive: true, force: true })
  }
}

async function build(outDir: string): Promise<void> {
  const { build } = await import('vite').catch((cause) => {
    throw new UserError('the page needs the development packages: run npx -y pnpm@10 install', { cause })
  })
  await build({
    root: sources,
    configFile: false,
    logLevel: 'error',
    base: '/',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  })
}

/** A digest of all that the result depends on: sources, and the versions of the packages in it. */
async function hashOfSources(): Promise<string> {
  const entries = await readdir(sources, { withFileTypes: true, recursive: true })
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const file of [...files, ...shared, join(projectFolder, 'pnpm-lock.yaml')]) {
    hash
      .update(file.slice(projectFolder.length))
      .update('\0')
      .update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}
