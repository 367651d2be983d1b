import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { installKeycloak, keycloakVersion } from './keycloak-distribution.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'distribution-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Puts a program named `mvn` first on the PATH that does as the real one outside of a project: it leaves a folder. */
function asMaven(script: string): void {
  const file = join(folder, 'mvn')
  writeFileSync(file, `#!/bin/sh\npwd >> '${folder}/ran-in'\nmkdir -p '\${project.basedir}'\n${script}\n`)
  chmodSync(file, 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
}

it.each([
  [
    'cannot fetch it',
    'echo "[ERROR] no such artifact"; exit 1',
    /^Maven cannot fetch Keycloak \(no such artifact\); try/,
  ],
  [
    'fetches another file',
    `for each; do case $each in -DoutputDirectory=*) folder="\${each#*=}";; esac; done
     echo another > "$folder/keycloak-quarkus-dist-${keycloakVersion}.zip"`,
    /^Keycloak's distribution is not the expected one \(SHA-256 [0-9a-f]{64}\): delete /,
  ],
])(
  'leaves nothing behind if Maven %s, neither in the cache nor where it ran',
  async (_case, script, reason) => {
    asMaven(script)
    const cache = join(folder, 'cache')
    await expect(installKeycloak(cache, () => {})).rejects.toThrow(reason)
    expect(readdirSync(cache)).toEqual([])
    expect(readFileSync(join(folder, 'ran-in'), 'utf8')).toMatch(/^\S*\/cache\/fetching-\w+\n$/)
    expect(readdirSync(projectFolder).filter((name) => name.startsWith('$'))).toEqual([])
  },
)
