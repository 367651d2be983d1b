import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { notebookNames, notebooksFolder } from '../headless/all-notebooks.ts'
import { findJupyter, type Launcher } from './find-jupyter.ts'
import { ownDataFolder, registerKernel } from './kernel-spec.ts'

const projectRoot = dirname(notebooksFolder)

/**
 * Opens JupyterLab on the notebooks, with the kernel of this checkout, until it is closed.
 * @param options passed on to JupyterLab
 * @returns its exit code
 * @throws {UserError} where there is no JupyterLab and no way to get one
 */
export async function openLab(options: readonly string[]): Promise<number> {
  const launcher = findJupyter()
  await registerKernel(ownDataFolder)
  await trustNotebooks(launcher)
  const { program, args } = launcher
  const paths = [ownDataFolder, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter)
  // The checkout is the root, so that links to policies and presets work; the file browser opens on the notebooks.
  const places = [`--ServerApp.root_dir=${projectRoot}`, `--ServerApp.preferred_dir=${notebooksFolder}`]
  const lab = spawn(program, [...args, ...places, ...options], {
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

/**
 * Tells Jupyter that this checkout's notebooks are the user's own: before that it shows no picture of a notebook that
 * has not been run. Where it fails the pictures come with the first run of their cells.
 */
async function trustNotebooks({ program, trust }: Launcher): Promise<void> {
  const names = await notebookNames()
  const trusting = spawn(program, [...trust, ...names], { cwd: notebooksFolder, stdio: 'ignore' })
  trusting.on('error', () => {})
  const [code] = await once(trusting, 'close')
  if (code !== 0) process.stderr.write('The notebooks are not trusted: run a cell to see its picture.\n')
}
