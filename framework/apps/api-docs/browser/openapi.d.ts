/** The parts of a service's OpenAPI document that the page reads (services/shared/openapi.ts writes them). */
export interface OpenApi {
  readonly components: {
    readonly securitySchemes?: { readonly apiKey?: { readonly name: string }; readonly oauth?: OAuthScheme }
  }
}

export interface OAuthScheme {
  readonly 'x-token-type': 'Bearer' | 'DPoP'
  readonly flows: {
    readonly authorizationCode: {
      readonly authorizationUrl: string
      readonly tokenUrl: string
      readonly scopes: Readonly<Record<string, string>>
    }
  }
}
