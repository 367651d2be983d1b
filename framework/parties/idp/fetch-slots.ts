import type { FetchDocument } from './public-fetch.ts'

/** Documents that are fetched at the same time, in all and from one host. */
export const slots = 16
export const slotsOfHost = 2

/**
 * Bounds how many documents are fetched at once: each is fetched for somebody who has shown nothing yet. What is too
 * many is refused, and not queued, so that a slow host delays nobody else.
 */
export function inSlots(underneath: FetchDocument): FetchDocument {
  const underWay: string[] = []
  return async (url, options) => {
    const { host } = new URL(url)
    const ofHost = underWay.filter((each) => each === host).length
    if (underWay.length >= slots || ofHost >= slotsOfHost) {
      throw new TypeError('too many client documents are being fetched')
    }
    underWay.push(host)
    try {
      return await underneath(url, options)
    } finally {
      underWay.splice(underWay.indexOf(host), 1)
    }
  }
}
