import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The kernel's name in the metadata of notebooks. */
const kernelName = 'agent-auth-lab'

type Environment = Readonly<Record<string, string | undefined>>

/** A data folder of Jupyter's within this checkout: used by `pnpm run notebooks`, and git ignores it. */
export const ownDataFolder = fileURLToPath(new URL('../../../../.jupyter', import.meta.url))

/** The user's own data folder of Jupyter, where VS Code and every Jupyter look ("Use Jupyter's directories"). */
export function userDataFolder(env: Environment, platform = process.platform): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR
  if (platform === 'win32') return join(env.APPDATA ?? homedir(), 'jupyter')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Jupyter')
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter')
}

/**
 * Registers the kernel of this checkout, run by the Node that runs this. Nothing else is installed.
 * @param dataFolder a data folder of Jupyter's
 * @returns the folder of the kernel specification
 */
export async function registerKernel(dataFolder: string): Promise<string> {
  const folder = join(dataFolder, 'kernels', kernelName)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'kernel.json'), `${JSON.stringify(kernelSpec(), null, 2)}\n`)
  return folder
}

function kernelSpec() {
  const program = fileURLToPath(new URL('../kernel/main.mjs', import.meta.url))
  return {
    argv: [process.execPath, program, '{connection_file}'],
    display_name: 'TypeScript (Agent Auth Lab)',
    language: 'typescript',
    interrupt_mode: 'signal',
  }
}
