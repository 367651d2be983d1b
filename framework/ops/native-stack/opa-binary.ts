import { join } from 'node:path'
import { toolEnvironment } from '../../process/child-environment.ts'
import { run } from '../../process/tools.ts'
import { UserError } from '../../process/user-error.ts'
import { findOpa, opaVersion } from '../policy/opa.ts'

/** The OPA binary of the pinned release, as far as it is here: `OPA_BIN`, `opa` on the PATH, or the cached one. */
export function foundOpa(cache: string): string | undefined {
  return usable() ?? usable(join(cache, 'bin', 'opa'))
}

/**
 * Builds OPA once, by Go and its module proxy, which checks the sources' sums.
 * @throws {UserError} where Go cannot build it
 */
export function installOpa(cache: string, report: (line: string) => void): string {
  report(`building OPA ${opaVersion} with Go (minutes, once)`)
  const bin = join(cache, 'bin')
  const module = `github.com/open-policy-agent/opa@v${opaVersion}`
  const { status, output } = run('go', ['install', module], {
    env: { ...toolEnvironment(process.env), GOBIN: bin },
  })
  if (status !== 0) {
    throw new UserError(
      `Go cannot build OPA (${output.trim().split('\n').at(-1)}); try it by hand: go install ${module}`,
    )
  }
  return findOpa(join(bin, 'opa'))
}

function usable(binary?: string): string | undefined {
  try {
    return findOpa(binary)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
