#pragma once
// What an asset is served as, by its bytes and never by its name: a repository may call anything
// anything. Pure; any thread.
//
// Nothing here is a page or a script to a browser: HTML, JavaScript and XML are plain text. The one
// exception is SVG, which an <img> does not show under another type; opened by itself it could run
// script, so the site serves assets with `Content-Security-Policy: sandbox; default-src 'none';
// style-src 'unsafe-inline'` and `X-Content-Type-Options: nosniff`.

#include <string_view>

namespace devy::publish {

// "application/octet-stream" for what is not known.
[[nodiscard]] std::string_view media_type_of(std::string_view bytes);

}  // namespace devy::publish
