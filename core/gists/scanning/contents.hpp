#pragma once
// The contents of files of gists: from GitHub's document, or from where their bytes lie, without a
// credential and from gists.raw_hosts alone. Bytes count only when they are those of the blob id.
// Owned by a handler; one thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/gists/scanning/document.hpp"
#include "core/gists/store/gist.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::scanning {

struct Content {
  gists::ContentState state = gists::ContentState::whole;
  std::optional<std::string> bytes;  // what is kept of a text
};

class Contents {
 public:
  // A test may supply `transport`; otherwise the real one is used.
  explicit Contents(const config::Config& config,
                    std::unique_ptr<http::Transport> transport = nullptr);

  // Gives a file without a blob id the SHA-256 of its content, as GitHub's document shows it.
  void name_blob(ListedFile& file);
  // Throws Error(rejected): "content_mismatch", "raw_host_refused", "raw_refused"; and what
  // Transport throws.
  [[nodiscard]] Content read(const ListedFile& file);
  // Returns the part of these bytes that is kept.
  [[nodiscard]] Content keep(std::string_view bytes) const;

 private:
  [[nodiscard]] std::string fetch(const ListedFile& file);
  [[nodiscard]] bool is_raw_host(std::string_view url) const;

  const config::Config& config_;
  std::unique_ptr<http::Transport> transport_;
};

// Whether the bytes have that id: git's of a blob, or a SHA-256.
[[nodiscard]] bool has_id(std::string_view bytes, std::string_view id);

}  // namespace devy::scanning
