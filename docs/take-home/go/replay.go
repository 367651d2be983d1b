package main

import "sync"

const proofCapacity = 100_000

// Proofs that were seen here, until they are too old to be accepted. One process; with more, keep them together.
var seen = struct {
	sync.Mutex
	until map[string]float64
}{until: map[string]float64{}}

// remember notes a proof (RFC 9449 section 11.1). A full cache refuses: to forget a live entry would let its replay in.
func remember(key string, now float64) error {
	seen.Lock()
	defer seen.Unlock()
	for each, until := range seen.until {
		if until < now {
			delete(seen.until, each)
		}
	}
	if _, used := seen.until[key]; used {
		return badProof("this proof was used before (jti)")
	}
	if len(seen.until) >= proofCapacity {
		return &Refused{503, "replay_cache_full", "too many proofs at once"}
	}
	seen.until[key] = now + proofMaxAge + proofMaxAhead + 1
	return nil
}
