export { refresh } from './refresh.ts'
export { type SignedIn, signIn } from './sign-in.ts'
export { signOut } from './sign-out.ts'
