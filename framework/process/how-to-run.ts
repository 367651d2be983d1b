import type { Environment } from './environment.ts'

/**
 * A command as it can be typed where this process was called: `./lab attack p06`, or with pnpm where that was used.
 * Asked for when it is printed, and not before.
 */
export function lab(words: string, env: Environment = process.env): string {
  return `${prefix(env)} ${words}`.trim()
}

/** The same, printing nothing but the command's own output: for `$(…)`. */
export function labQuiet(words: string, env: Environment = process.env): string {
  return lab(words, env).replace(/ run (?=\S)/, ' -s run ')
}

/** A text that names commands as `pnpm run …`, with each of them as it can be typed where this process was called. */
export function asTypedHere(text: string, env: Environment = process.env): string {
  return text.replaceAll('pnpm run ', `${prefix(env)} `)
}

/** The script `lab` says how it was called; pnpm says so in the variables of the scripts that it runs. */
function prefix({
  LAB_COMMAND,
  npm_config_user_agent,
  npm_lifecycle_event,
  npm_execpath,
}: Environment): string {
  if (LAB_COMMAND) return LAB_COMMAND
  if (!npm_lifecycle_event || !npm_config_user_agent?.startsWith('pnpm/')) return './lab'
  // Fetched by npx: then there is no pnpm on the PATH of the shell.
  return /[\\/]_npx[\\/]/.test(npm_execpath ?? '') ? 'npx -y pnpm@10 run' : 'pnpm run'
}
