"""The one inline script that a page may run, for the Content-Security-Policy.

It marks the body before the first paint, so it cannot be a file. It is allowed by its hash and not by a nonce:
a nonce would make every response different, and public pages could not be cached. A test computes the hash from a
rendered page.
"""

INLINE_SCRIPT_HASH = "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"
