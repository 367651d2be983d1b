export { defaultRealmFile, readRealm } from './read-realm.ts'
export * from './realm.ts'
