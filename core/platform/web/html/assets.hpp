#pragma once
// Files that pages load, embedded in the program: app.css, app.js and files.js are ours, htmx.js
// comes from npm at build time. Each stands at "/assets/<digest>/<name>" and may be cached for
// ever, since other bytes have another digest. Constants; any thread.

#include <span>
#include <string>
#include <string_view>

namespace devy::html {

struct Asset {
  std::string_view name;
  // The first 16 hexadecimal digits of the SHA-256 of its bytes; an asset of a post has 64.
  std::string digest;
  std::string_view media_type;
  std::string_view bytes;
};

[[nodiscard]] std::span<const Asset> assets();
// Nothing unless both are right.
[[nodiscard]] const Asset* find_asset(std::string_view digest, std::string_view name);

}  // namespace devy::html
