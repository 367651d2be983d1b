/** The address of a section of a specification, as tables name it. */
export function specLink(name: string): string | undefined {
  const [, rfc, section] = /^RFC (\d+)(?: section ([\d.]+))?$/.exec(name) ?? []
  if (rfc) return `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ''}`
  if (name.startsWith('OpenID Connect Core'))
    return 'https://openid.net/specs/openid-connect-core-1_0.html#IDToken'
  if (name.startsWith('OpenID Connect Front-Channel')) {
    return 'https://openid.net/specs/openid-connect-frontchannel-1_0.html'
  }
  return undefined
}
