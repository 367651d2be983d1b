package main

import (
	"encoding/json"
	"strings"
)

type claims struct {
	Iss, Sub, Jti, Azp, Scope string
	Exp, Iat, Nbf             float64
	Aud                       json.RawMessage
	Roles                     []string
	Act                       *actor
	Cnf                       *struct{ Jkt string }
	audiences                 []string
}

// claimsIn reads an access token's claims. `aud` is a text, or a list of texts (RFC 7519 section 4.1.3).
func claimsIn(payload []byte) (claims, error) {
	var found claims
	if err := json.Unmarshal(payload, &found); err != nil {
		return found, err
	}
	var one string
	if json.Unmarshal(found.Aud, &one) == nil {
		found.audiences = []string{one}
		return found, nil
	}
	return found, json.Unmarshal(found.Aud, &found.audiences)
}

// actorsOf gives the chain of acting agents, outermost first (RFC 8693 section 4.1).
func actorsOf(act *actor) []string {
	actors := []string{}
	for ; act != nil; act = act.Act {
		actors = append(actors, act.Sub)
	}
	return actors
}

// tokenFrom takes the token out of `Authorization: <scheme> <token>` (RFC 6750 section 2.1, RFC 9449 section 7.1).
func tokenFrom(header, scheme string) (string, error) {
	if header == "" {
		return "", &Refused{401, "missing_credential", "no " + scheme + " token"}
	}
	parts := strings.Split(header, " ")
	if len(parts) != 2 || !strings.EqualFold(parts[0], scheme) || parts[1] == "" {
		return "", badToken("the Authorization header is not \"" + scheme + " <token>\"")
	}
	return parts[1], nil
}
