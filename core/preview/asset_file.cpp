#include "core/preview/asset_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/preview/page.hpp"

namespace devy::preview {
namespace {

using Ending = std::pair<std::string_view, std::string_view>;

constexpr std::array endings{
    Ending{"image/png", "png"},       Ending{"image/jpeg", "jpg"},
    Ending{"image/gif", "gif"},       Ending{"image/webp", "webp"},
    Ending{"image/avif", "avif"},     Ending{"image/heic", "heic"},
    Ending{"image/svg+xml", "svg"},   Ending{"image/x-icon", "ico"},
    Ending{"image/bmp", "bmp"},       Ending{"image/tiff", "tiff"},
    Ending{"application/pdf", "pdf"}, Ending{"application/zip", "zip"},
    Ending{"application/gzip", "gz"}, Ending{"audio/mpeg", "mp3"},
    Ending{"audio/ogg", "ogg"},       Ending{"audio/flac", "flac"},
    Ending{"audio/wav", "wav"},       Ending{"audio/mp4", "m4a"},
    Ending{"video/mp4", "mp4"},       Ending{"video/webm", "webm"},
    Ending{"video/quicktime", "mov"}, Ending{"text/plain; charset=utf-8", "txt"},
};

}  // namespace

std::string asset_path(std::string_view sha256, std::string_view media_type) {
  const auto found = std::ranges::find(endings, media_type, &Ending::first);
  const std::string_view ending = found == endings.end() ? "bin" : found->second;
  return std::string(assets_folder) + std::string(sha256) + "." + std::string(ending);
}

}  // namespace devy::preview
