package main

import (
	"context"
	"net/http"
	"os"
)

// Decide gives one decision for each resource.
type Decide func(ctx context.Context, caller *Caller, action string, resources []Resource) ([]Decision, error)

// Pattern is how a service knows its caller, and who decides.
type Pattern struct {
	Scheme, DecidedBy string
	Identify          func(r *http.Request) (*Caller, error)
	Decide            Decide
}

var patterns = map[string]Pattern{
	"p05": {"Bearer", "service", p05, byRoles},
	"p06": {"Bearer", "opa", p06, opa("scope")},
	"p07": {"Bearer", "opa", p07, opa("relationships")},
	"p08": {"DPoP", "opa", p08, opa("relationships")},
}

// p05, token forwarding: the IdP's signature holds, and nobody asks whom the token was meant for.
func p05(r *http.Request) (*Caller, error) {
	caller, err := bearer(r, "")
	if err == nil {
		caller.Scopes, caller.Actors = []string{}, []string{}
	}
	return caller, err
}

// p06, scoped token: only one that is addressed to this service (RFC 8707), and OPA decides on role and scope.
func p06(r *http.Request) (*Caller, error) {
	caller, err := bearer(r, os.Getenv("AUDIENCE"))
	if err == nil {
		caller.Actors = []string{}
	}
	return caller, err
}

// p07, on behalf of: the acting agents go into decision and record (RFC 8693 section 4.1).
func p07(r *http.Request) (*Caller, error) { return bearer(r, os.Getenv("AUDIENCE")) }

// p08, token bound: as p07, and the sender proves to hold the token's key (RFC 9449 section 7.1).
func p08(r *http.Request) (*Caller, error) {
	token, err := tokenFrom(r.Header.Get("Authorization"), "DPoP")
	if err != nil {
		return nil, err
	}
	caller, err := verifyAccessToken(r.Context(), token, os.Getenv("AUDIENCE"))
	if err != nil {
		return nil, err
	}
	return caller, verifyProof(r, token, caller)
}

// bearer takes no token that is bound to a key: it is worth nothing without it (RFC 9449 section 7.1).
func bearer(r *http.Request, audience string) (*Caller, error) {
	token, err := tokenFrom(r.Header.Get("Authorization"), "Bearer")
	if err != nil {
		return nil, err
	}
	caller, err := verifyAccessToken(r.Context(), token, audience)
	if err == nil && caller.Confirmation != nil {
		return nil, badToken("the token is bound to a key, and came as Bearer")
	}
	return caller, err
}
