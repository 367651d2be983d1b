export * from 'dpop'
