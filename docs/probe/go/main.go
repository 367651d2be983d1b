// The official Go SDK with its bearer middleware, and golang-jwt as its token verifier.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

type claims struct {
	Scope string `json:"scope"`
	jwt.RegisteredClaims
}

func main() {
	port, issuer := os.Args[1], os.Args[2]
	base := "http://127.0.0.1:" + port
	resource, metadata := base+"/mcp", "/.well-known/oauth-protected-resource/mcp"
	keys, err := keyfunc.NewDefault([]string{issuer + "/jwks"})
	if err != nil {
		log.Fatal(err)
	}

	verify := func(_ context.Context, text string, _ *http.Request) (*auth.TokenInfo, error) {
		var c claims
		token, err := jwt.ParseWithClaims(text, &c, keys.Keyfunc,
			jwt.WithValidMethods([]string{"ES256"}),
			jwt.WithIssuer(issuer),
			jwt.WithAudience(resource),
			jwt.WithExpirationRequired(),
		)
		if err != nil || token.Header["typ"] != "at+jwt" || token.Header["crit"] != nil {
			return nil, fmt.Errorf("%w: not for this server", auth.ErrInvalidToken)
		}
		return &auth.TokenInfo{
			Scopes:     strings.Fields(c.Scope),
			Expiration: c.ExpiresAt.Time,
			UserID:     c.Subject,
		}, nil
	}

	server := mcp.NewServer(&mcp.Implementation{Name: "rows", Version: "1"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "rows", Description: "The caller's rows."},
		func(_ context.Context, request *mcp.CallToolRequest, _ struct{}) (*mcp.CallToolResult, any, error) {
			text := "rows of " + request.Extra.TokenInfo.UserID
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
		})
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)
	gate := auth.RequireBearerToken(verify, &auth.RequireBearerTokenOptions{
		ResourceMetadataURL: base + metadata,
		Scopes:              []string{"read"},
	})
	http.Handle("/mcp", gate(handler))
	http.Handle(metadata, auth.ProtectedResourceMetadataHandler(&oauthex.ProtectedResourceMetadata{
		Resource:             resource,
		AuthorizationServers: []string{issuer},
	}))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
