import { metadataPath } from '@lab/services'
import { UserError } from '../process/user-error.ts'

export type Serve = (request: Request) => Promise<Response>

/** The address at which a reverse proxy offers the MCP server: an origin, and a path before `/mcp`. */
export interface PublicAddress {
  readonly origin: string
  readonly host: string
  /** Empty, or with a slash before it and none after it. */
  readonly prefix: string
  /** The MCP endpoint there, which is the resource that tokens are asked for. */
  readonly mcpUrl: string
}

/**
 * Reads `--public-url`.
 * @throws {UserError} for what is no address of a web server, and for one without TLS that is not on this machine
 */
export function publicAddress(text: string): PublicAddress {
  const refuse = (why: string): never => {
    throw new UserError(`--public-url "${text}" ${why}: use one like https://lab.example/prefix`)
  }
  if (!URL.canParse(text)) return refuse('is no address')
  const { protocol, origin, host, hostname, pathname, search, hash, username, password } = new URL(text)
  if (
    protocol !== 'https:' &&
    !(protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  ) {
    return refuse('is not https')
  }
  if (username || password || search || hash) return refuse('has more than a host and a path')
  const prefix = pathname.replace(/\/+$/, '')
  if (/\/mcp$/.test(prefix)) return refuse('ends in /mcp, which the lab adds by itself')
  return { origin, host, prefix, mcpUrl: `${origin}${prefix}/mcp` }
}

/**
 * Serves what a reverse proxy passes on, with the public name and path or without them. Which one it is, is read from the
 * request line and `Host` alone: no `Forwarded` and no `X-Forwarded-…` header says anything here, as anybody can send one.
 * @param local the origin that the server itself knows
 */
export function behindProxy({ origin, host, prefix }: PublicAddress, local: string, serve: Serve): Serve {
  return async (request) => {
    const url = new URL(request.url)
    const isPublic = url.host === host || url.host === new URL(origin).hostname
    const pathname = localPath(url.pathname, prefix)
    if (!isPublic && pathname === url.pathname && request.headers.get('origin') !== origin)
      return serve(request)
    const headers = new Headers(request.headers)
    const target = new URL(pathname + url.search, isPublic ? local : url.origin)
    headers.set('host', target.host)
    // A page of the public origin is as much the person's own as one of this machine.
    if (headers.get('origin') === origin) headers.set('origin', target.origin)
    const { method, body, signal } = request
    return serve(new Request(target, { method, headers, body, signal, ...(body && { duplex: 'half' }) }))
  }
}

function localPath(pathname: string, prefix: string): string {
  if (prefix === '') return pathname
  const metadata = `${metadataPath}${prefix}/`
  if (pathname.startsWith(metadata)) return `${metadataPath}/${pathname.slice(metadata.length)}`
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname
}
