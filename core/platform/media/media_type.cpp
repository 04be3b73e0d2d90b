#include "core/platform/media/media_type.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/safe_text.hpp"

namespace devy::media {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset = 0;
  std::string_view bytes;
  std::string_view media_type;
  std::string_view inner = {};  // and at offset 8
};

// The formats' own signatures. RIFF and ISO media files say at offset 8 which of their kind it is.
constexpr std::array signatures{
    Signature{0, "\x89PNG\r\n\x1a\n"sv, "image/png"},
    Signature{0, "\xff\xd8\xff"sv, "image/jpeg"},
    Signature{0, "GIF87a"sv, "image/gif"},
    Signature{0, "GIF89a"sv, "image/gif"},
    Signature{0, "RIFF"sv, "image/webp", "WEBP"},
    Signature{0, "RIFF"sv, "audio/wav", "WAVE"},
    Signature{4, "ftyp"sv, "image/avif", "avif"},
    Signature{4, "ftyp"sv, "image/avif", "avis"},
    Signature{4, "ftyp"sv, "image/heic", "heic"},
    Signature{4, "ftyp"sv, "audio/mp4", "M4A "},
    Signature{4, "ftyp"sv, "video/quicktime", "qt  "},
    Signature{4, "ftyp"sv, "video/mp4"},
    Signature{0, "\x1a\x45\xdf\xa3"sv, "video/webm"},
    Signature{0, "\0\0\1\0"sv, "image/x-icon"},
    Signature{0, "BM"sv, "image/bmp"},
    Signature{0, "II*\0"sv, "image/tiff"},
    Signature{0, "MM\0*"sv, "image/tiff"},
    Signature{0, "%PDF-"sv, "application/pdf"},
    Signature{0, "ID3"sv, "audio/mpeg"},
    Signature{0, "\xff\xfb"sv, "audio/mpeg"},
    Signature{0, "OggS"sv, "audio/ogg"},
    Signature{0, "fLaC"sv, "audio/flac"},
    Signature{0, "PK\3\4"sv, "application/zip"},
    Signature{0, "\x1f\x8b"sv, "application/gzip"},
    Signature{0, "wOF2"sv, "font/woff2"},
    Signature{0, "\0asm"sv, "application/wasm"},
};

bool matches(const Signature& signature, std::string_view bytes) {
  return bytes.size() >= signature.offset &&
         bytes.substr(signature.offset).starts_with(signature.bytes) &&
         (signature.inner.empty() ||
          (bytes.size() >= 8 && bytes.substr(8).starts_with(signature.inner)));
}

bool is_printable(std::string_view bytes) {
  return std::ranges::none_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7f;
  });
}

// UTF-8 with nothing a text would not have.
bool is_text(std::string_view bytes) {
  return is_printable(bytes) && base::is_valid_utf8(bytes);
}

// The bytes of the last character when it may go on in the next slice; else 0.
std::size_t begun_character(std::string_view bytes) {
  constexpr std::size_t bytes_max = 3;
  for (std::size_t count = 1; count <= std::min(bytes.size(), bytes_max); ++count) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - count]);
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const std::size_t length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return count < length ? count : 0;
  }
  return 0;
}

void skip_blank(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// Removes `begin … end` from the front; false when it is not there.
bool skip_between(std::string_view& text, std::string_view begin, std::string_view end) {
  if (!text.starts_with(begin)) return false;
  const auto close = text.find(end, begin.size());
  if (close == std::string_view::npos) return false;
  text.remove_prefix(close + end.size());
  return true;
}

// An XML text whose first element is <svg>, whatever declarations and comments come before.
bool is_svg(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  do
    skip_blank(text);
  while (skip_between(text, "<?", "?>") || skip_between(text, "<!--", "-->") ||
         skip_between(text, "<!DOCTYPE", ">"));
  constexpr std::string_view element = "<svg";
  return text.starts_with(element) && text.size() > element.size() &&
         " \t\r\n>/"sv.find(text[element.size()]) != std::string_view::npos;
}

// `bytes`: its first ones.
std::string_view type_of(std::string_view bytes, bool reads_as_text) {
  const auto known =
      std::ranges::find_if(signatures, [&](const auto& one) { return matches(one, bytes); });
  // A text may happen to begin like a picture ("BM"), never the other way round.
  if (known != signatures.end() && (!reads_as_text || known->media_type == "application/pdf"))
    return known->media_type;
  if (!reads_as_text) return "application/octet-stream";
  return is_svg(bytes) ? "image/svg+xml" : "text/plain; charset=utf-8";
}

}  // namespace

std::string_view media_type_of(std::string_view bytes) {
  return type_of(bytes, is_text(bytes));
}

void TypeReader::add(std::string_view slice) {
  constexpr std::size_t head_bytes_max = 4096;
  head_ += slice.substr(0, head_bytes_max - std::min(head_.size(), head_bytes_max));
  if (!is_text_) return;
  // A slice may end within a character. Only one that goes over its end is copied.
  if (!begun_.empty()) {
    while (!slice.empty() && (slice.front() & 0xc0) == 0x80 && begun_.size() < 4) {
      begun_ += slice.front();
      slice.remove_prefix(1);
    }
    if (slice.empty() && begun_character(begun_) > 0) return;
    is_text_ = base::is_valid_utf8(begun_);
    begun_.clear();
  }
  const auto begun = begun_character(slice);
  begun_ = slice.substr(slice.size() - begun);
  is_text_ = is_text_ && is_text(slice.substr(0, slice.size() - begun));
}

std::string_view TypeReader::media_type() const {
  return type_of(head_, is_text_ && begun_.empty());
}

}  // namespace devy::media
