/** The global of swagger-ui-dist's bundle, which comes without types: the options that the page sets. */
declare const SwaggerUIBundle: {
  (options: {
    readonly domNode: HTMLElement | null
    readonly spec: object
    readonly presets: readonly unknown[]
    readonly plugins: readonly (() => { readonly wrapComponents: object })[]
    readonly layout: string
    readonly tryItOutEnabled: boolean
    readonly defaultModelsExpandDepth: number
    readonly validatorUrl: null
    requestInterceptor(request: SwaggerRequest): Promise<SwaggerRequest>
  }): void
  readonly presets: { readonly apis: unknown }
}

interface SwaggerRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}
