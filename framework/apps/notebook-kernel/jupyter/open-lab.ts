import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter } from 'node:path'
import { notebooksFolder } from '../headless/all-notebooks.ts'
import { findJupyter } from './find-jupyter.ts'
import { ownDataFolder, registerKernel } from './kernel-spec.ts'

/**
 * Opens JupyterLab on the notebooks, with the kernel of this checkout, until it is closed.
 * @param options passed on to JupyterLab
 * @returns its exit code
 * @throws {UserError} where there is no JupyterLab and no way to get one
 */
export async function openLab(options: readonly string[]): Promise<number> {
  const { program, args } = findJupyter()
  await registerKernel(ownDataFolder)
  const paths = [ownDataFolder, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter)
  const lab = spawn(program, [...args, ...options], {
    cwd: notebooksFolder,
    env: { ...process.env, JUPYTER_PATH: paths },
    stdio: 'inherit',
  })
  // Ctrl-C reaches JupyterLab by itself, which asks back; this program only has to outlast it.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  const onTerminate = () => lab.kill('SIGTERM')
  process.on('SIGTERM', onTerminate)
  try {
    const [code] = await once(lab, 'exit')
    return code ?? 1
  } finally {
    process.off('SIGINT', ignore)
    process.off('SIGTERM', onTerminate)
  }
}
