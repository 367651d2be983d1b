import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Entrance } from './entrance.tsx'

const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
})

const root = document.getElementById('page')
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <Router hook={useHashLocation}>
        <Entrance />
      </Router>
    </QueryClientProvider>,
  )
}
