import { type Parameters, serializeInnerList, serializeString } from 'structured-headers'

/** The parts of a request that a signature can cover. */
export interface SignableRequest {
  readonly method: string
  /** The whole target URI, with its query (RFC 9421 section 2.2.2). */
  readonly url: string
  readonly headers: Headers
}

/**
 * The text that is signed (RFC 9421 section 2.5): a line for each covered component, and one for the parameters.
 * @param components names of header fields in lower case, or `@method`, `@target-uri`, `@authority`, `@path`, `@query`
 * @param parameters of the signature (RFC 9421 section 2.3), in the signer's order
 * @throws {TypeError} for a component that is not known, or a header field that the request lacks
 */
export function signatureBase(
  components: readonly string[],
  parameters: Parameters,
  request: SignableRequest,
): string {
  const lines = components.map((name) => `${serializeString(name)}: ${componentOf(request, name)}`)
  return [...lines, `"@signature-params": ${signatureParams(components, parameters)}`].join('\n')
}

/** The member of `Signature-Input` that belongs to a signature (RFC 9421 section 2.3). */
export function signatureParams(components: readonly string[], parameters: Parameters): string {
  return serializeInnerList([components.map((name) => [name, new Map()]), parameters])
}

function componentOf({ method, url, headers }: SignableRequest, name: string): string {
  const { href, host, pathname, search } = new URL(url)
  switch (name) {
    case '@method':
      return method
    case '@target-uri':
      return href
    case '@authority':
      return host
    case '@path':
      return pathname
    case '@query':
      return search || '?'
    default: {
      // `Headers` has joined several fields of one name and cut the blanks around them (RFC 9421 section 2.1).
      const value = name.startsWith('@') ? null : headers.get(name)
      if (value === null) throw new TypeError(`the request has no ${name}`)
      return value
    }
  }
}
