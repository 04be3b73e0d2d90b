#include "core/publishing/preview/asset_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/publishing/preview/page.hpp"

namespace devy::preview {
namespace {

using AttemptResult = std::pair<std::string_view, std::string_view>;

constexpr std::array endings{
    AttemptResult{"image/png", "png"},       AttemptResult{"image/jpeg", "jpg"},
    AttemptResult{"image/gif", "gif"},       AttemptResult{"image/webp", "webp"},
    AttemptResult{"image/avif", "avif"},     AttemptResult{"image/heic", "heic"},
    AttemptResult{"image/svg+xml", "svg"},   AttemptResult{"image/x-icon", "ico"},
    AttemptResult{"image/bmp", "bmp"},       AttemptResult{"image/tiff", "tiff"},
    AttemptResult{"application/pdf", "pdf"}, AttemptResult{"application/zip", "zip"},
    AttemptResult{"application/gzip", "gz"}, AttemptResult{"audio/mpeg", "mp3"},
    AttemptResult{"audio/ogg", "ogg"},       AttemptResult{"audio/flac", "flac"},
    AttemptResult{"audio/wav", "wav"},       AttemptResult{"audio/mp4", "m4a"},
    AttemptResult{"video/mp4", "mp4"},       AttemptResult{"video/webm", "webm"},
    AttemptResult{"video/quicktime", "mov"}, AttemptResult{"text/plain; charset=utf-8", "txt"},
};

}  // namespace

std::string asset_path(std::string_view sha256, std::string_view media_type) {
  const auto found = std::ranges::find(endings, media_type, &AttemptResult::first);
  const std::string_view ending = found == endings.end() ? "bin" : found->second;
  return std::string(assets_folder) + std::string(sha256) + "." + std::string(ending);
}

}  // namespace devy::preview
