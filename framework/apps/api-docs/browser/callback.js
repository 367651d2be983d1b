/** Where the IdP sends the sign-in window back to: hands its address to the page that opened it, and to no other origin. */
window.opener?.postMessage(location.href, location.origin)
window.close()
