export function shareContract(data: { readonly folder: string; readonly home: string }): void
