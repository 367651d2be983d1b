export { refresh } from './refresh.ts'
export { type SignedIn, type SignInRequest, signIn } from './sign-in.ts'
export { signOut } from './sign-out.ts'
