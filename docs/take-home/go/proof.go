package main

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
)

const proofMaxAge, proofMaxAhead = 60, 30

// verifyProof verifies that the sender holds the key that the token is bound to (RFC 9449 section 4.3 and 7.1).
func verifyProof(r *http.Request, token string, caller *Caller) error {
	if caller.Confirmation == nil || caller.Confirmation.Jkt == "" {
		return badToken("the token is bound to no key (cnf.jkt)")
	}
	proof, jkt := []byte(r.Header.Get("DPoP")), caller.Confirmation.Jkt
	message, err := jws.Parse(proof, jws.WithCompact())
	if err != nil {
		return badProof("no readable proof")
	}
	header := message.Signatures()[0].ProtectedHeaders()
	key, hasKey := header.JWK()
	if typ, _ := header.Type(); typ != "dpop+jwt" || !hasKey {
		return badProof("typ or jwk: not a proof")
	}
	if private, err := jwk.IsPrivateKey(key); err != nil || private {
		return badProof("the proof must carry a public key")
	}
	match := []jws.VerifyOption{jws.WithKey(jwa.ES256(), key), jws.WithAlgorithmMatch(true), jws.WithCompact()}
	payload, err := jws.Verify(proof, match...)
	var claims struct {
		Jti, Htm, Htu, Ath string
		Iat                float64
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return badProof("the signature does not hold")
	}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	hash, now := sha256.Sum256([]byte(token)), float64(now(r.Context()).UnixMilli())/1000
	switch {
	case err != nil || base64.RawURLEncoding.EncodeToString(thumbprint) != jkt:
		return badProof("the proof was made with another key than the token is bound to")
	case claims.Htm != r.Method:
		return badProof("the proof was made for another method (htm)")
	case target(claims.Htu) != target(os.Getenv("BASE_URL")+r.URL.EscapedPath()):
		return badProof("the proof was made for another URL (htu)")
	case claims.Ath != base64.RawURLEncoding.EncodeToString(hash[:]):
		return badProof("the proof was made for another token (ath)")
	case now-claims.Iat > proofMaxAge || claims.Iat-now > proofMaxAhead:
		return badProof("iat: too old, or from the future")
	case claims.Jti == "" || len(claims.Jti) > 256:
		return badProof("jti: not a short text")
	}
	return remember(jkt+"."+claims.Jti, now)
}

// target is a URL without query and fragment. The base is configured: `Host` is the sender's choice.
func target(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || parsed.User != nil {
		return "not a URL: " + text
	}
	return strings.ToLower(parsed.Scheme+"://"+parsed.Host) + parsed.EscapedPath()
}
