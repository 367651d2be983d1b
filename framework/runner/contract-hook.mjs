// Module hook: a pattern folder outside the repo finds the contract where the framework has it.
import module from 'node:module'

/** The packages that a pattern may import: the contract, and the parts of an OAuth client. */
const shared = ['@lab/contract', '@lab/framework/oauth-client']

/** The hook for one folder: both URLs end a search, `folder` with a slash. */
function hookFor({ folder, home }) {
  return {
    /** The address to resolve a specifier from. */
    from(specifier, context) {
      const isOurs = shared.includes(specifier) && context.parentURL?.startsWith(folder)
      return isOurs ? { ...context, parentURL: home } : context
    },
    /** A pattern that is loaded anew has its other modules anew, too: an instance's number goes along to them. */
    ofInstance(found, context) {
      const instance = /\?instance=\d+$/.exec(context.parentURL ?? '')?.[0]
      const isOwn = found.url.startsWith(folder) && context.parentURL?.startsWith(folder)
      return isOwn && instance && !found.url.includes('?') ? { ...found, url: found.url + instance } : found
    },
    /** A folder without a package.json would count as CommonJS, and get a second copy of the contract. */
    asModule(found) {
      return found.url.startsWith(folder) ? { ...found, format: 'module' } : found
    },
  }
}

/** Lets the modules of a folder import the contract as the module at `home` sees it. */
export function shareContract(data) {
  // Node 20 has only the kind of hook that runs on a thread of its own, which newer ones deprecate.
  if (!module.registerHooks) return module.register(import.meta.url, { data })
  const hook = hookFor(data)
  module.registerHooks({
    resolve(specifier, context, next) {
      return hook.ofInstance(hook.asModule(next(specifier, hook.from(specifier, context))), context)
    },
  })
}

let hook

export function initialize(data) {
  hook = hookFor(data)
}

export async function resolve(specifier, context, next) {
  return hook.ofInstance(hook.asModule(await next(specifier, hook.from(specifier, context))), context)
}
