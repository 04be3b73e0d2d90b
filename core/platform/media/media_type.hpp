#pragma once
// Determines the media type with which an asset is served, from its bytes and never from its name,
// because a repository may use any name. Pure; any thread.
//
// No result is a page or a script for a browser: HTML, JavaScript and XML become plain text. The
// only exception is SVG, which an <img> does not show under another type; opened by itself it could
// run script, so the site serves assets with `Content-Security-Policy: sandbox; default-src 'none';
// style-src 'unsafe-inline'` and `X-Content-Type-Options: nosniff`.

#include <string>
#include <string_view>

namespace devy::media {

// Returns "application/octet-stream" for unknown content.
[[nodiscard]] std::string_view media_type_of(std::string_view bytes);

// The same for content that comes in slices. It keeps the first 4 KiB, in which an SVG's first
// element has to begin. One thread.
class TypeReader {
 public:
  void add(std::string_view slice);
  [[nodiscard]] std::string_view media_type() const;

 private:
  std::string head_;   // the first bytes
  std::string begun_;  // a character that the next slice ends, of at most 3 bytes
  bool is_text_ = true;
};

}  // namespace devy::media
