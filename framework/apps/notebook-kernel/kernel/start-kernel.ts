import { fileURLToPath } from 'node:url'
import { adaptChecker } from './checker.ts'
import { sendDisplaysToJupyter } from './display.ts'
import { sayErrorsInOneLine } from './error-lines.ts'
import { endWithJupyter } from './lifetime.ts'
import { forgetOnReset } from './reset.ts'
import { sendAtOnce } from './send-at-once.ts'
import { shareWithCells } from './shared-modules.ts'
import { tslab } from './tslab.ts'

/**
 * Starts the stock tslab kernel, adapted to a workspace of ES modules.
 * @param connectionFile what Jupyter wrote: sockets and key
 */
export async function startKernel(connectionFile: string): Promise<void> {
  // An editor may start the kernel anywhere; cells resolve packages from this folder.
  process.chdir(fileURLToPath(new URL('..', import.meta.url)))
  await shareWithCells(['@lab/framework', '@lab/framework/notebook'])
  adaptChecker()
  sendDisplaysToJupyter()
  sayErrorsInOneLine()
  endWithJupyter()
  forgetOnReset()
  sendAtOnce()
  tslab.main().startKernel({ configPath: connectionFile, enableFindLocal: false })
}
