/** A refusal: its HTTP status, its error code (RFC 6750 section 3.1, RFC 9449 section 7.1), and its reason. */
export class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, reason: string) {
    super(reason)
    this.status = status
    this.code = code
  }
}
