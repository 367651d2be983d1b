/** The data that the page's server gives to its scripts. */
export interface PageData {
  readonly pattern: { readonly name: string; readonly summary: string }
  readonly client: SignInClient
  /** Base URLs by name. */
  readonly services: Readonly<Record<string, string>>
  /** User names by what tokens name them by. */
  readonly users: Readonly<Record<string, string>>
  /** Advice by the code of the error. */
  readonly advice: Readonly<Record<string, string>>
}

/** The client that a person signs in to. */
export interface SignInClient {
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  readonly endSessionUrl: string
}
