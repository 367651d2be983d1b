/** The page that the sign-in window returns to: it hands its address to the page that opened it, and to no other origin. */
window.opener?.postMessage(location.href, location.origin)
window.close()
