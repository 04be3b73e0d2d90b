#include "core/platform/web/html/assets.hpp"

#include <array>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "embedded/app_css.hpp"
#include "embedded/app_js.hpp"
#include "embedded/files_js.hpp"
#include "embedded/htmx_js.hpp"

namespace devy::html {
namespace {

constexpr std::size_t digest_digits = 16;

Asset make_asset(std::string_view name, std::string_view media_type, std::string_view bytes) {
  return {name, base::to_hex(base::sha256(bytes)).substr(0, digest_digits), media_type, bytes};
}

}  // namespace

std::span<const Asset> assets() {
  static const std::array all{
      make_asset("app.css", "text/css; charset=utf-8", embedded::app_css),
      make_asset("app.js", "text/javascript; charset=utf-8", embedded::app_js),
      make_asset("files.js", "text/javascript; charset=utf-8", embedded::files_js),
      make_asset("htmx.js", "text/javascript; charset=utf-8", embedded::htmx_js),
  };
  return all;
}

const Asset* find_asset(std::string_view digest, std::string_view name) {
  for (const Asset& asset : assets())
    if (asset.name == name && asset.digest == digest) return &asset;
  return nullptr;
}

}  // namespace devy::html
