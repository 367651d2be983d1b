package main

import "net/http"

type work func(call *Call) (status int, body any, recorded bool, err error)

// operation runs one. Nobody is answered before the record is written: neither with rows nor with a refusal.
func operation(tool, action string, do work) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		entry := map[string]any{"tool": tool, "action": action, "resources": []string{},
			"decision": "deny", "decidedBy": "nobody"}
		call := &Call{r, nil, entry}
		caller, err := pattern.Identify(r)
		if err == nil {
			call.Caller = caller
			entry["user"], entry["client"], entry["jti"] = caller.User, caller.Client, caller.JTI
			entry["scopes"], entry["actors"] = caller.Scopes, caller.Actors
			var status int
			var body any
			var recorded bool
			status, body, recorded, err = do(call)
			if err == nil && !recorded {
				err = call.write("/records", nil, status, nil)
			}
			if err == nil {
				send(w, status, body)
				return
			}
		}
		refused := asRefused(err)
		if entry["reason"] == nil {
			entry["reason"] = refused.Reason
		}
		if refused.Status >= 500 {
			entry["decision"] = "error"
		} else if refused.Status != 409 { // what was permitted and had nothing to change stays permitted
			entry["decision"] = "deny"
		}
		if call.write("/records", nil, refused.Status, nil) != nil {
			refused = &Refused{503, "audit_unavailable", "this cannot be recorded"}
		}
		if refused.Status == 401 { // RFC 9110 section 15.5.2, RFC 6750 section 3.1
			w.Header().Set("WWW-Authenticate", pattern.Scheme+` realm="expenses", error="`+refused.Code+`"`)
		}
		send(w, refused.Status, map[string]string{"error": refused.Code, "reason": refused.Reason})
	}
}
