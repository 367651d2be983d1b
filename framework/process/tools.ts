import { spawnSync } from 'node:child_process'
import { toolEnvironment } from './child-environment.ts'
import { UserError } from './user-error.ts'

/** The oldest Java that Keycloak runs on. */
const oldestJava = 17

/** A missing program, and the way to install it. */
export interface Missing {
  readonly what: string
  readonly remedy: string
}

/**
 * Runs a program to its end.
 * @param options.env its environment; default: what a tool needs of ours
 * @param options.cwd its working directory; default: ours
 * @returns exit status, undefined where it could not be run, and all that it printed
 */
export function run(
  command: string,
  args: readonly string[],
  { env = toolEnvironment(process.env), cwd }: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): { readonly status: number | undefined; readonly output: string } {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, cwd })
  return error
    ? { status: undefined, output: error.message }
    : { status: status ?? 1, output: stdout + stderr }
}

/** Keycloak's Java: what `JAVA_HOME` names, or `java` on the PATH. */
export function missingJava(env: NodeJS.ProcessEnv): Missing | undefined {
  const remedy = `install a JDK, ${oldestJava} or newer, for example Debian's openjdk-17-jdk-headless or Homebrew's openjdk, or set JAVA_HOME`
  const { status, output } = run(env.JAVA_HOME ? `${env.JAVA_HOME}/bin/java` : 'java', ['-version'])
  if (status !== 0) return { what: 'Java', remedy }
  const version = Number(/version "(\d+)/.exec(output)?.[1])
  return version >= oldestJava ? undefined : { what: `Java ${oldestJava} (this is ${version})`, remedy }
}

export function missingMaven(): Missing | undefined {
  const remedy = 'install it to fetch Keycloak (Debian, Homebrew: maven)'
  return run('mvn', ['--version']).status === 0 ? undefined : { what: 'Maven (mvn)', remedy }
}

export function missingGo(): Missing | undefined {
  const remedy =
    'install it to build OPA (https://go.dev/doc/install), or set OPA_BIN to an opa of that version'
  return run('go', ['version']).status === 0 ? undefined : { what: 'Go', remedy }
}

/** @throws {UserError} that names all that is missing, at once */
export function refuseMissing(missing: readonly (Missing | undefined)[]): void {
  const lacking = missing.filter((each) => each !== undefined)
  if (lacking.length === 0) return
  const list = lacking.map(({ what, remedy }) => `${what}: ${remedy}`).join('; ')
  throw new UserError(
    `the real stack needs missing programs. ${list}. With Docker instead: docker compose up`,
  )
}
