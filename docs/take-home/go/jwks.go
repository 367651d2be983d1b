package main

import (
	"context"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

const (
	keysKept = 10 * time.Minute
	cooldown = 2 * time.Second
)

// keySet holds the IdP's keys: kept for a while, and fetched again for an unknown `kid`, but not twice in a moment.
type keySet struct {
	sync.Mutex
	keys    jwk.Set
	fetched time.Time
}

func (s *keySet) find(ctx context.Context, kid string) (jwk.Key, error) {
	s.Lock()
	defer s.Unlock()
	if s.keys != nil && time.Since(s.fetched) < keysKept {
		if key, ok := s.keys.LookupKeyID(kid); ok {
			return key, nil
		}
	}
	if s.keys == nil || time.Since(s.fetched) > cooldown {
		client := &http.Client{Timeout: 5 * time.Second}
		keys, err := jwk.Fetch(ctx, os.Getenv("JWKS_URI"), jwk.WithHTTPClient(client))
		if err != nil { // an outage, and never a yes
			return nil, &Refused{503, "idp_unavailable", "no keys of the IdP"}
		}
		s.keys, s.fetched = keys, time.Now()
	}
	if key, ok := s.keys.LookupKeyID(kid); ok {
		return key, nil
	}
	return nil, badToken("signed by a key that the issuer does not publish")
}
