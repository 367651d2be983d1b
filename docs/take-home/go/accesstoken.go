package main

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"
)

const leeway, maxAge = 30, 3600

var idpKeys keySet

// Caller is what a pattern knows of its caller.
type Caller struct {
	User, Client, JTI     string
	Roles, Scopes, Actors []string
	Confirmation          *struct{ Jkt string }
}

type actor struct {
	Sub string
	Act *actor
}

// verifyAccessToken verifies an access token (RFC 9068 section 4). Without an audience, one for any service is good.
func verifyAccessToken(ctx context.Context, token, audience string) (*Caller, error) {
	message, err := jws.Parse([]byte(token), jws.WithCompact())
	if err != nil {
		return nil, badToken("not a JWT")
	}
	header := message.Signatures()[0].ProtectedHeaders()
	// RFC 9068 section 2.1: an ID token of the same issuer is no access token.
	typ, _ := header.Type()
	if strings.TrimPrefix(strings.ToLower(typ), "application/") != "at+jwt" {
		return nil, badToken("typ: not an access token")
	}
	kid, _ := header.KeyID()
	key, err := idpKeys.find(ctx, kid)
	if err != nil {
		return nil, err
	}
	// RFC 8725 section 3.1: ES256 is our choice, whatever the header says.
	match := []jws.VerifyOption{jws.WithKey(jwa.ES256(), key), jws.WithAlgorithmMatch(true), jws.WithCompact()}
	payload, err := jws.Verify([]byte(token), match...)
	if err != nil {
		return nil, badToken("the signature does not hold")
	}
	claims, err := claimsIn(payload)
	if err != nil {
		return nil, badToken("claims: not as they should be")
	}
	now := float64(now(ctx).UnixMilli()) / 1000
	switch {
	case claims.Iss != os.Getenv("ISSUER"):
		return nil, badToken("iss: another issuer")
	case audience != "" && !slices.Contains(claims.audiences, audience):
		return nil, badToken("aud: not addressed to this service")
	case claims.Exp <= now-leeway:
		return nil, badToken("exp: expired")
	case claims.Nbf > now+leeway || claims.Iat > now+leeway || claims.Iat < now-maxAge-leeway:
		return nil, badToken("iat: from the future, or too long ago")
	}
	user := userOf(ctx, claims.Sub)
	if claims.Sub == "" || claims.Jti == "" || user == "" {
		return nil, badToken("the token names a user who is not known here")
	}
	scopes := strings.Fields(claims.Scope)
	return &Caller{user, claims.Azp, claims.Jti, claims.Roles, scopes, actorsOf(claims.Act), claims.Cnf}, nil
}
