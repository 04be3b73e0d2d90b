#pragma once
// The bytes of files, as nobody can be harmed by them (files.md, section 5, "Content"): the type is
// read from the bytes, what a browser would run is a download, and nothing is guessed.

#include <functional>
#include <optional>
#include <vector>

#include "daemon/web/files_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<FilesRoute> file_content_routes();

struct ContentOptions {
  const config::Files& settings;
  bool is_download = false;  // else browsers show what they show without running anything
};
// The row of a file as it is now, or nothing when it has no whole bytes.
using ReadFile = std::function<std::optional<files::File>()>;
// The bytes of the file that `read` gives, or the part of them that the request asks for: from the
// disk, by nginx (files.accel_path), or from S3; 404, 304, 416, and 503 for bytes that are lost.
// Borrows nothing. Throws what `read`, Disk and fetch_from_s3() throw.
[[nodiscard]] http::Response content_answer(const server::ReceivedRequest& request,
                                            const ReadFile& read, const storage::Disk& disk,
                                            const ContentOptions& options);

// A part of a content that a request asks for: RFC 9110, section 14.
struct ByteRange {
  enum class Kind { whole, part, unsatisfiable } kind = Kind::whole;
  std::uint64_t first = 0, length = 0;
};
// Several ranges, and whatever is no range of bytes, mean the whole. `tag` is the content's, which
// an If-Range has to name. Pure.
[[nodiscard]] ByteRange range_of(const server::ReceivedRequest& request, std::uint64_t size,
                                 std::string_view tag);

}  // namespace devy::daemon
