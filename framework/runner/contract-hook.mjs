// Module hook (node:module `register`): a pattern folder outside the repo finds the contract where the framework has it.

let folder
let home

export function initialize(data) {
  folder = data.folder
  home = data.home
}

export async function resolve(specifier, context, next) {
  const fromPattern = context.parentURL?.startsWith(folder)
  const isContract = fromPattern && specifier === '@lab/contract'
  const found = await next(specifier, isContract ? { ...context, parentURL: home } : context)
  // A folder without a package.json would count as CommonJS, and get a second copy of the contract.
  return found.url.startsWith(folder) ? { ...found, format: 'module' } : found
}
