package main

// Refused is a refusal: its HTTP status, its error code (RFC 6750 section 3.1, RFC 9449 section 7.1), and its reason.
type Refused struct {
	Status       int
	Code, Reason string
}

func (r *Refused) Error() string { return r.Reason }

func badToken(reason string) *Refused { return &Refused{401, "invalid_token", reason} }
func badProof(reason string) *Refused { return &Refused{401, "invalid_dpop_proof", reason} }
